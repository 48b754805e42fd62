/** Pixels of the talk below the view. */
export function restOf(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}

/** How far below the upper edge of the view something starts, in pixels. */
export function topIn(box: HTMLElement, element: Element): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** A row that is in the page. */
export function rowElement(log: HTMLElement, key: string): Element | null {
  return log.querySelector(`:scope > [data-row="${CSS.escape(key)}"]`);
}

/** What of a row is kept in its place. The day above a message comes and goes with older ones: the message is read. */
export function anchorOf(row: Element): Element {
  return row.querySelector('article') ?? row;
}

/** Where a message stands. Of an answer only its first one carries the id itself; the others stand inside it. */
export function messageElement(id: string): HTMLElement | null {
  return document.getElementById(`m-${id}`) ?? document.getElementById(id);
}

/** The first message inside a row that would still be there if the row became part of another. */
export function firstMessageIn(row: Element): { readonly id: string; readonly element: Element } | null {
  const element = row.querySelector('[id^="m-"]');
  return element === null ? null : { id: element.id.slice(2), element };
}

/** The key of the row that something of the page is in. */
export function keyOf(node: Node | null): string | null {
  const element = node instanceof Element ? node : (node?.parentElement ?? null);
  return element?.closest('[data-row]')?.getAttribute('data-row') ?? null;
}

/** The heights of the rows in the page, in pixels. */
export function heightsIn(log: HTMLElement): readonly (readonly [string, number])[] {
  return [...log.children].flatMap((child): [string, number][] => {
    const key = child.getAttribute('data-row');
    return key === null ? [] : [[key, child.getBoundingClientRect().height]];
  });
}

/** The rows the selected words begin and end in, when they are in the talk. */
export function selectedRows(): readonly [string, string] | null {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed) return null;
  const from = keyOf(selection.anchorNode);
  const to = keyOf(selection.focusNode);
  return from === null || to === null ? null : [from, to];
}
