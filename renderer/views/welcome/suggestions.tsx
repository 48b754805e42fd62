import { useMemo, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { SAMPLES } from './samples.ts';
import { useSay } from './use-say.ts';

/** Messages of the person from which nothing is suggested any more. */
const ENOUGH = 3;

/** What else could be said in a talk that has just begun: the samples not said yet, over the composer. */
export function Suggestions(): JSX.Element | null {
  const messages = useTalk((state) => state.messages);
  const outgoing = useTalk((state) => state.outgoing);
  const queue = useTalk((state) => state.queue);
  const waits = useTalk((state) => state.run?.state === 'waiting');
  const say = useSay();
  const said = useMemo(
    () => [...messages, ...outgoing, ...queue].filter(({ role }) => role === 'user').map(({ text }) => text),
    [messages, outgoing, queue],
  );
  // What an answer waits for comes first.
  if (waits || said.length === 0 || said.length >= ENOUGH) return null;
  const left = SAMPLES.filter(
    ({ text, after }) => !said.includes(t(text)) && (after === null || said.includes(t(after))),
  );
  return (
    <div className="suggest" role="group" aria-label={t('welcome.samples')}>
      {left.map(({ text, sub }) => (
        <Button
          key={text}
          size="s"
          title={t(sub)}
          onClick={() => {
            say(t(text));
            // The button goes away with what it says.
            document.querySelector<HTMLElement>('#composer')?.focus();
          }}
        >
          {t(text)}
        </Button>
      ))}
    </div>
  );
}
