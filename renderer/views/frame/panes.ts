/** The panes that F6 goes through, in reading order: rail, agents, page, state, and a toast while it stands. */
const PANES = ['.rail', '.side.l', 'main', '.side.rr', '.toast'] as const;

const STOPS = 'a[href],button,input,textarea,select,[tabindex="0"]';

/** What the Tab key reaches inside of an element, in its order. */
export function focusable(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(STOPS)].filter(
    (each) => each.tabIndex >= 0 && !each.matches(':disabled') && each.checkVisibility(),
  );
}

/** The visible panes of the window, in the order of F6. */
export function visiblePanes(): HTMLElement[] {
  return PANES.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? []).filter((pane) =>
    pane.checkVisibility(),
  );
}

/** The pane `step` places after the one with the focus, around the end; the first when none has it. */
export function paneAfterFocus(step: 1 | -1): HTMLElement | undefined {
  const panes = visiblePanes();
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  if (current === -1) return panes.at(step === 1 ? 0 : -1);
  return panes.at((current + step) % panes.length);
}

/** Puts the focus into a pane: where it was in it, else on its composer, its chosen row, or its first control. */
export function focusPane(pane: HTMLElement, last: HTMLElement | undefined): void {
  const remembered = last !== undefined && pane.contains(last) && last.checkVisibility() ? last : null;
  const target =
    remembered ?? pane.querySelector<HTMLElement>('#composer:enabled, [aria-current]') ?? focusable(pane)[0];
  target?.focus();
}

/** Puts the focus into the composer. False when the page has none that can be written in. */
export function focusComposer(): boolean {
  const composer = document.querySelector<HTMLElement>('#composer:enabled');
  composer?.focus();
  return composer !== null;
}
