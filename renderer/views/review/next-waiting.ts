import { focusComposer } from '../frame/panes.ts';

/**
 * What to do once the card of an id in the talk is decided and gone: the focus goes to the card that waits next, else to
 * the composer, unless it is somewhere by then. To be asked for while the card is still there.
 */
export function nextWaiting(id: string): () => void {
  const ids = [...document.querySelectorAll<HTMLElement>('.talk [data-review]')].map(
    (card) => card.dataset['review'] ?? '',
  );
  const at = ids.indexOf(id);
  const others = [...ids.slice(at + 1), ...ids.slice(0, Math.max(0, at))];
  return () =>
    void requestAnimationFrame(() => {
      const active = document.activeElement;
      if (active !== null && active !== document.body) return;
      const [next] = others.flatMap(
        (other) => document.querySelector<HTMLElement>(`.talk [data-review="${other}"]`) ?? [],
      );
      if (next === undefined) focusComposer();
      else next.focus();
    });
}
