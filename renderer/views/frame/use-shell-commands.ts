import { useEffect } from 'react';
import type { ShellCommand } from '../../../shared/shell.ts';
import type { BridgeHost } from '../../backend.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { createAgent } from '../../state/navigation.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { lastParting, takeWay } from '../branches/branch-acts.ts';
import { routeHref } from './route.ts';

/** The dialogs a menu item can open. */
export type ShellDialogs = { readonly onImport: () => void; readonly onExport: () => void };

/** Does what the items of the desktop window's menu ask for. In a browser there is no menu, and nothing happens. */
export function useShellCommands({ onImport, onExport }: ShellDialogs): void {
  const stores = useStores();
  useEffect(() => {
    const bridge = (window as unknown as BridgeHost).memoir;
    return bridge?.on((message) => {
      if ('shell' in message && message.shell === 'command') {
        attempt(stores, async () => ACTS[message.command](stores, { onImport, onExport }));
      }
    });
  }, [stores, onImport, onExport]);
}

type Act = (stores: Stores, dialogs: ShellDialogs) => void | Promise<void>;

const ACTS: Readonly<Record<ShellCommand, Act>> = {
  'agent.new': (stores) => {
    showTalk();
    return createAgent(stores);
  },
  'agent.import': (_stores, { onImport }) => onImport(),
  'agent.export': (_stores, { onExport }) => onExport(),
  'conversation.new': () => pressInTalk('n'),
  'page.chat': showTalk,
  'page.archive': () => location.assign(routeHref('archive')),
  'page.review': () => location.assign(routeHref('review')),
  'page.settings': () => location.assign(routeHref('settings')),
  'composer.focus': () => pressInTalk('l'),
  'pane.left': () => pressInTalk('b'),
  'pane.right': () => pressInTalk('j'),
  'memory.undo': undoLast,
  'message.edit': () => pressInTalk('e'),
  'answer.again': () => pressInTalk('r'),
  'branch.previous': (stores) => takeBranch(stores, -1),
  'branch.next': (stores) => takeBranch(stores, 1),
  'agent.fork': (stores) => {
    showTalk();
    const { conversation_id } = stores.talk.getState();
    if (conversation_id !== null) stores.branching.getState().askFork({ conversation_id, message_id: null });
  },
  'help.tour': (stores) => {
    showTalk();
    stores.preferences.getState().change({ tour_step: 1 });
  },
};

function showTalk(): void {
  if (document.querySelector('#composer') === null) location.assign(routeHref('chat'));
}

/** The talk's own keys do the rest, once its page is there. */
function pressInTalk(key: string): void {
  showTalk();
  requestAnimationFrame(() => {
    dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, cancelable: true }));
  });
}

async function takeBranch(stores: Stores, step: 1 | -1): Promise<void> {
  showTalk();
  const parting = lastParting(stores);
  if (parting === null) stores.toast.getState().show(t('branch.none'));
  else await takeWay(stores, parting, step);
}

/** Takes back the newest change of the chosen agent that still stands. */
async function undoLast(stores: Stores): Promise<void> {
  const agent_id = stores.agents.getState().selected_id;
  if (agent_id === null) return;
  const { changes } = await stores.client.call('changes.list', { agent_id, limit: 20 });
  const last = changes.find((change) => change.undone_by === null && change.undoes === null);
  if (last === undefined) stores.toast.getState().show(t('frame.nothingToUndo'));
  else await stores.memory.getState().undo(last.id);
}
