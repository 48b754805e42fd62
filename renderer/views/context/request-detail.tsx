import { useEffect, useMemo, useState, type JSX } from 'react';
import type { ContextOverview } from '../../../shared/contract/context.ts';
import type { OutputOf } from '../../../shared/contract/index.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { CopyWords } from './copy-words.tsx';
import { DetailHead } from './detail-head.tsx';
import { ExactText } from './exact-text.tsx';
import type { TalkPlaceName } from './use-context-page.ts';

/** Props of {@link RequestDetail}: a new overview means that it may read otherwise now. */
export type RequestDetailProps = {
  readonly place: TalkPlaceName;
  readonly overview: ContextOverview;
  readonly onClose: () => void;
};

type NextRequest = OutputOf<'agents.next_request'>;

/** The body of the next request as it goes over the wire, with what a person may say next. */
export function RequestDetail({ place, overview, onClose }: RequestDetailProps): JSX.Element {
  const [text, setText] = useState('');
  const { request, failure } = useNextRequest(place, text, overview);
  const body = request?.body ?? '';
  const lines = useMemo(() => spread(body), [body]);
  return (
    <>
      <DetailHead title={t('context.request')} about={t('context.request.about')} onClose={onClose}>
        {body !== '' && (
          <CopyWords text={body} label={t('context.copyNamed', { part: t('context.request') })} />
        )}
      </DetailHead>
      <div className="ctx-say">
        <TextField
          label={t('context.say')}
          value={text}
          hint={request === null ? undefined : <RequestHint request={request} />}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {failure !== null ? (
        <p className="note warn ctx-note" role="alert">
          {failure.message}
        </p>
      ) : request === null ? (
        <Skeleton lines={8} />
      ) : (
        <ExactText text={lines} before={null} label={t('context.request')} />
      )}
    </>
  );
}

function RequestHint({ request }: { readonly request: NextRequest }): JSX.Element {
  const { model, tokens, window, compaction, problem } = request;
  const size = t('context.request.size', { model, tokens: formatNumber(tokens), count: window });
  return (
    <>
      <span className="num">{size}</span>{' '}
      {compaction !== null && (
        <span className="warn">{t('context.request.compacts', { count: compaction.messages })}</span>
      )}
      {problem !== null && <span className="danger">{problem}</span>}
    </>
  );
}

/** A pause in typing after which the request is read anew, in ms. */
const PAUSE_MS = 250;

function useNextRequest(
  { agent_id, conversation_id }: TalkPlaceName,
  text: string,
  overview: ContextOverview,
): { readonly request: NextRequest | null; readonly failure: WireError | null } {
  const { client } = useStores();
  const [request, setRequest] = useState<NextRequest | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  useEffect(() => {
    let left = false;
    const read = async (): Promise<void> => {
      try {
        const next = await client.call('agents.next_request', { agent_id, conversation_id, text });
        if (left) return;
        setRequest(next);
        setFailure(null);
      } catch (error) {
        if (!left) setFailure(toWire(error));
      }
    };
    const timer = setTimeout(() => void read(), text === '' ? 0 : PAUSE_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, agent_id, conversation_id, text, overview]);
  return { request, failure };
}

/** A JSON text over several lines, for the eye; the wire has it in one. */
function spread(body: string): string {
  return body === '' ? '' : JSON.stringify(JSON.parse(body), null, 2);
}
