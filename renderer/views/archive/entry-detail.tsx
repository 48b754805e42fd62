import { Globe, History, Pencil, Trash2, X } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import type { Passage, PassageHit } from '../../../shared/contract/archive.ts';
import type { Client } from '../../../shared/client.ts';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CopyButton } from './copy-button.tsx';
import { HistoryDrawer } from './entry-history.tsx';
import { authorOf, TagMark } from './entry-row.tsx';
import { MarkedText } from './marked-text.tsx';
import { useEntryHistory, type EntryHistory } from './use-history.ts';

/** Props of {@link EntryDetail}. `editor` stands in for the text while one edits. */
export type EntryDetailProps = {
  readonly client: Client;
  readonly passage: Passage;
  readonly matches: PassageHit['matches'];
  readonly agent_name: string;
  readonly editor: ReactNode;
  readonly onEdit: () => void;
  readonly onTrash: () => void;
  readonly onClose: () => void;
  readonly onRestore: (text: string) => void;
};

/** One entry whole: its text with hits, its tags, and where it comes from. */
export function EntryDetail(props: EntryDetailProps): JSX.Element {
  const { client, passage, agent_name, editor } = props;
  const history = useEntryHistory(client, passage);
  const [historyOpen, setHistoryOpen] = useState(false);
  return (
    <>
      <div className="head">
        <h2>{t('archive.entry')}</h2>
        <span className="mono t3 cut" title={passage.id}>
          {passage.id.slice(0, 'passage-'.length + 8)}
        </span>
        <span className="grow" />
        <IconButton
          icon={Pencil}
          label={t('archive.edit')}
          disabled={editor !== null}
          onClick={props.onEdit}
        />
        <CopyButton text={passage.text} />
        <IconButton icon={History} label={t('archive.history')} onClick={() => setHistoryOpen(true)} />
        <IconButton icon={Trash2} label={t('archive.trash')} onClick={props.onTrash} />
        <IconButton className="only-narrow" icon={X} label={t('close')} onClick={props.onClose} />
      </div>
      <div className="scroll det-in">
        {editor ?? (
          <>
            <p className="entry-text" dir="auto">
              <MarkedText text={passage.text} matches={props.matches} />
            </p>
            {passage.tags.length > 0 && (
              <div className="row entry-tags">
                {passage.tags.map((tag) => (
                  <TagMark key={tag} tag={tag} />
                ))}
              </div>
            )}
          </>
        )}
        <Source passage={passage} history={history} agent_name={agent_name} />
      </div>
      <HistoryDrawer
        open={historyOpen}
        onOpenChange={setHistoryOpen}
        passage={passage}
        history={history}
        agent_name={agent_name}
        onRestore={(text) => {
          setHistoryOpen(false);
          props.onRestore(text);
        }}
      />
    </>
  );
}

type SourceProps = {
  readonly passage: Passage;
  readonly history: EntryHistory;
  readonly agent_name: string;
};

function Source({ passage, history, agent_name }: SourceProps): JSX.Element {
  const first = history.kind === 'read' ? history.changes.at(-1) : undefined;
  return (
    <section>
      <h3>{t('archive.source')}</h3>
      <dl className="kv">
        <dt>{t('archive.written')}</dt>
        <dd>
          {exactTime(passage.created_at)}, {authorOf(passage, agent_name)}
        </dd>
        {first !== undefined && first.reason !== null && (
          <>
            <dt>{t('archive.because')}</dt>
            <dd>{first.reason}</dd>
          </>
        )}
        {first !== undefined && (
          <>
            <dt>{t('archive.trust')}</dt>
            <dd className={first.trust === 'tool_output_external' ? 'warn row g1' : ''}>
              {first.trust === 'tool_output_external' && <Icon icon={Globe} size={14} />}
              {t(`archive.trust.${first.trust}`)}
            </dd>
          </>
        )}
        {passage.version > 1 && (
          <>
            <dt>{t('archive.changed')}</dt>
            <dd>{exactTime(passage.updated_at)}</dd>
          </>
        )}
        <dt>{t('archive.versions')}</dt>
        <dd className="num">{passage.version}</dd>
        <dt>{t('archive.id')}</dt>
        <dd className="mono">{passage.id}</dd>
      </dl>
      {Object.keys(passage.metadata).length > 0 && (
        <>
          <h3>{t('archive.metadata')}</h3>
          <pre className="code metadata">{JSON.stringify(passage.metadata, null, 2)}</pre>
        </>
      )}
    </section>
  );
}
