/** Asks the talk on screen, as an event at its scroller, to bring a message into view. */
const REVEAL = 'memoir:reveal';

/** Brings a message that was read into view and keeps it there until the reader scrolls; false when it was not read. */
export function reveal(messageId: string): boolean {
  const event = new CustomEvent(REVEAL, { detail: messageId, cancelable: true });
  return document.querySelector('.talk')?.dispatchEvent(event) === false;
}

/** Answers {@link reveal} for a scroller: `goTo` says whether the message is there. Ends with the call of the answer. */
export function answerReveals(scroller: HTMLElement, goTo: (messageId: string) => boolean): () => void {
  const onReveal = (event: Event): void => {
    if (event instanceof CustomEvent && goTo(String(event.detail))) event.preventDefault();
  };
  scroller.addEventListener(REVEAL, onReveal);
  return () => scroller.removeEventListener(REVEAL, onReveal);
}
