import { Archive as ArchiveIcon } from 'lucide-react';
import { useCallback, useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { Passage } from '../../../shared/contract/archive.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgent, useStores } from '../../state/stores.ts';
import { Empty } from '../../ui/empty.tsx';
import { AddEntry } from './add-entry.tsx';
import { ArchiveFilters } from './archive-filters.tsx';
import { ArchiveHead } from './archive-head.tsx';
import { entryAt, isSearching, rowsOf } from './archive-state.ts';
import './archive.css';
import { EntryDetail } from './entry-detail.tsx';
import { EntryEditor } from './entry-editor.tsx';
import { ListPane } from './list-pane.tsx';
import { useArchive, type Archive } from './use-archive.ts';
import { useEntryAddress } from './use-entry-address.ts';

/** The archive of the chosen agent: search, filter, read, add, edit and move entries to the trash. */
export function ArchivePage(): JSX.Element {
  const agent = useAgent();
  return (
    <main className="page">
      {agent === null ? (
        <Empty icon={ArchiveIcon} fact={t('archive.noAgent')} why={t('archive.noAgent.why')} />
      ) : (
        <AgentArchive key={agent.id} agent={agent} />
      )}
    </main>
  );
}

/** What of the page is open, beside the list. */
type Open = { readonly add: boolean; readonly filters: boolean; readonly detail: boolean };

function AgentArchive({ agent }: { readonly agent: Agent }): JSX.Element {
  const archive = useArchive(agent.id);
  const { state, actions } = archive;
  const [open, setOpen] = useState<Open>({ add: false, filters: false, detail: false });
  const [editing, setEditing] = useState<Passage | null>(null);
  const [focus_requests, setFocusRequests] = useState(0);
  const show = useCallback((part: Partial<Open>) => setOpen((known) => ({ ...known, ...part })), []);
  useEntryAddress(agent.id, archive, () => show({ detail: true }));
  const trash = useTrash(archive);
  const passageOf = (id: string): Passage | null =>
    rowsOf(state).find(({ passage }) => passage.id === id)?.passage ?? null;
  const select = (id: string | null): void => {
    if (id !== state.selected_id) setEditing(null);
    actions.select(id);
  };
  const list = {
    agent_name: agent.name,
    focus_requests,
    onOpen: (id: string) => {
      select(id);
      show({ detail: true });
    },
    onMove: (distance: number) => select(entryAt(state, distance)),
    onEdit: (id: string) => {
      setEditing(passageOf(id));
      show({ detail: true });
    },
    onTrash: trash,
  };
  return (
    <>
      <h1 className="sr">{t('archive.heading', { name: agent.name, count: state.total })}</h1>
      <ArchiveHead
        agent={agent}
        onQuery={actions.setQuery}
        onLeave={() => {
          select(entryAt(state, 0));
          setFocusRequests(focus_requests + 1);
        }}
        onAdd={() => show({ add: true })}
      />
      <div className="arc">
        <div className="nav" data-open={open.filters}>
          <ArchiveFilters
            tags={state.tags}
            chosen_tags={state.chosen_tags}
            period={state.period}
            whenSearching={isSearching(state)}
            onTags={actions.setTags}
            onPeriod={actions.setPeriod}
          />
        </div>
        <ListPane
          {...list}
          archive={archive}
          onFilters={() => show({ filters: !open.filters })}
          onAdd={() => show({ add: true })}
        />
        <aside className="det" data-open={open.detail} aria-label={t('archive.entry')}>
          <Detail
            agent={agent}
            archive={archive}
            editing={editing}
            onEdit={(passage) => {
              setEditing(passage);
              if (passage === null) setFocusRequests(focus_requests + 1);
            }}
            onTrash={trash}
            onClose={() => show({ detail: false })}
          />
        </aside>
      </div>
      <AddEntry
        agent_id={agent.id}
        open={open.add}
        onOpenChange={(add) => show({ add })}
        add={actions.add}
        onAdded={({ id }) => {
          select(id);
          show({ detail: true });
        }}
      />
    </>
  );
}

/** Moves an entry to the trash, with Undo in a toast. */
function useTrash({ actions }: Archive): (passage_id: string) => void {
  const stores = useStores();
  return (passage_id) =>
    attempt(stores, async () => {
      await actions.remove(passage_id);
      stores.toast.getState().show(t('archive.trashed'), {
        label: t('undo'),
        run: () =>
          attempt(stores, async () => {
            await actions.restore(passage_id);
            await actions.refresh();
            actions.select(passage_id);
          }),
      });
    });
}

type DetailProps = {
  readonly agent: Agent;
  readonly archive: Archive;
  /** The entry as it was when its editor was opened. */
  readonly editing: Passage | null;
  readonly onEdit: (passage: Passage | null) => void;
  readonly onTrash: (passage_id: string) => void;
  readonly onClose: () => void;
};

function Detail({ agent, archive, editing, onEdit, onTrash, onClose }: DetailProps): JSX.Element {
  const stores = useStores();
  const { state, actions } = archive;
  const row = rowsOf(state).find(({ passage }) => passage.id === (editing?.id ?? state.selected_id));
  // The editor outlives its row: a text being written is not lost when the entry leaves the list.
  const passage = row?.passage ?? editing;
  if (passage === null) {
    return <Empty icon={ArchiveIcon} fact={t('archive.choose')} why={t('archive.choose.why')} />;
  }
  return (
    <EntryDetail
      key={passage.id}
      client={stores.client}
      passage={passage}
      matches={row?.hit?.matches ?? []}
      agent_name={agent.name}
      editor={
        editing === null ? null : (
          <EntryEditor passage={passage} update={actions.update} onDone={() => onEdit(null)} />
        )
      }
      onEdit={() => onEdit(passage)}
      onTrash={() => onTrash(passage.id)}
      onClose={onClose}
      onRestore={(text) => attempt(stores, () => actions.update(passage, { text, tags: passage.tags }))}
    />
  );
}
