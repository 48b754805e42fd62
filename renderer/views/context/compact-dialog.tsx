import { useEffect, useState, type JSX } from 'react';
import type { Agent, Compaction } from '../../../shared/contract/agents.ts';
import type { CompactionEffect } from '../../../shared/contract/context.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useAgents, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CompactionProgress } from './compaction-progress.tsx';
import type { CompactionWork } from './use-compaction.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** Props of {@link CompactDialog}: `onRead` opens the summary that was made. */
export type CompactDialogProps = {
  readonly agent: Agent;
  readonly place: TalkPlaceName;
  readonly compaction: CompactionWork;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onRead: (summary_id: string) => void;
};

type Mode = Compaction['mode'];

/** Compacts now: what it would do, by which mode, how it goes, and what came of it. */
export function CompactDialog(props: CompactDialogProps): JSX.Element {
  const { agent, place, compaction, open, onOpenChange } = props;
  const [mode, setMode] = useState<Mode>(agent.compaction.mode);
  const { preview, failure } = usePreview(place, mode, open && !compaction.busy);
  const { busy, end, start } = compaction;
  const is_over = end?.kind === 'done';
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('context.compact')}
      description={t('context.compact.what')}
      foot={
        <>
          <span className="grow" />
          <Button onClick={() => onOpenChange(false)}>{t(busy || is_over ? 'close' : 'cancel')}</Button>
          {!is_over && (
            <Button
              kind="prim"
              disabled={busy || preview === undefined || preview === null}
              onClick={() => start({ mode })}
            >
              {t('context.compact')}
            </Button>
          )}
        </>
      }
    >
      <div className="ctx-dialog">
        {!busy && !is_over && (
          <>
            <ModeChoice mode={mode} onChange={setMode} />
            <p className="t12 t2">{t(`context.mode.${mode}.why`)}</p>
            <Preview preview={preview} failure={failure} agent={agent} mode={mode} />
          </>
        )}
        <CompactionProgress compaction={compaction} onRead={props.onRead} />
      </div>
    </Dialog>
  );
}

type ModeChoiceProps = { readonly mode: Mode; readonly onChange: (mode: Mode) => void };

/** How much goes, and whether the agent sums it up in its own context. */
function ModeChoice({ mode, onChange }: ModeChoiceProps): JSX.Element {
  const all = mode.endsWith('all');
  const own = mode.startsWith('self_');
  const pick = (next: { readonly all: boolean; readonly own: boolean }): void => {
    const part = next.all ? 'all' : 'sliding_window';
    onChange(next.own ? `self_compact_${part}` : part);
  };
  return (
    <div className="row wrap-row">
      <Segments
        label={t('context.compact.part')}
        size="m"
        value={all ? 'all' : 'oldest'}
        options={[
          { value: 'oldest', label: t('context.compact.oldest') },
          { value: 'all', label: t('context.compact.all') },
        ]}
        onChange={(part) => pick({ all: part === 'all', own })}
      />
      <label className="row g1">
        <input type="checkbox" checked={own} onChange={(event) => pick({ all, own: event.target.checked })} />
        {t('context.compact.own')}
      </label>
    </div>
  );
}

type PreviewProps = {
  readonly preview: CompactionEffect | null | undefined;
  readonly failure: WireError | null;
  readonly agent: Agent;
  readonly mode: Mode;
};

function Preview({ preview, failure, agent, mode }: PreviewProps): JSX.Element {
  if (failure !== null) {
    return (
      <p className="note warn" role="alert">
        {failure.message}
      </p>
    );
  }
  if (preview === undefined) return <Skeleton lines={3} />;
  if (preview === null) return <p className="note">{t('context.compact.nothing')}</p>;
  const writer = mode.startsWith('self_') ? agent.model : (agent.compaction.model ?? agent.model);
  return (
    <dl className="kv ctx-kv num">
      <dt>{t('context.compact.now')}</dt>
      <dd>{t('context.tokens', { count: preview.tokens_before })}</dd>
      <dt>{t('context.compact.after')}</dt>
      <dd>
        <b>{t('context.compact.atMost', { count: preview.tokens_after })}</b>
      </dd>
      <dt>{t('context.compact.leaves')}</dt>
      <dd>
        {preview.messages === 0
          ? t('context.compact.results', { count: preview.shortened_results })
          : t('context.compact.messages', {
              count: preview.messages,
              from: formatNumber(preview.from_seq ?? 0),
              to: formatNumber(preview.to_seq ?? 0),
            })}
      </dd>
      <dt>{t('context.compact.writer')}</dt>
      <dd dir="auto">{writer}</dd>
    </dl>
  );
}

type Known = {
  readonly preview: CompactionEffect | null | undefined;
  readonly failure: WireError | null;
};

const UNKNOWN: Known = { preview: undefined, failure: null };

/** What compacting would do; `undefined` until known, `null` when nothing would get smaller. */
function usePreview({ conversation_id }: TalkPlaceName, mode: Mode, wanted: boolean): Known {
  const { client } = useStores();
  const overview = useAgents((state) => state.context);
  const [known, setKnown] = useState<Known & { readonly mode: Mode | null }>({ ...UNKNOWN, mode: null });
  useEffect(() => {
    if (!wanted) return undefined;
    let left = false;
    const keep = (told: Known): void => {
      if (!left) setKnown({ ...told, mode });
    };
    client.call('conversations.compact_preview', { conversation_id, mode }).then(
      ({ effect }) => keep({ preview: effect, failure: null }),
      (error: unknown) => keep({ preview: undefined, failure: toWire(error) }),
    );
    return () => {
      left = true;
    };
    // What fills the window may have changed meanwhile.
  }, [client, conversation_id, mode, wanted, overview]);
  return known.mode === mode ? known : UNKNOWN;
}
