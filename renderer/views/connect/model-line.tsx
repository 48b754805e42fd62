import { Check, CircleDashed, MessageCircle, Server, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { InputOf } from '../../../shared/contract/index.ts';
import { toWire } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { TOOL_TONES, type ModelRow } from '../../state/providers-standing.ts';
import type { Check as CheckState } from '../../state/providers.ts';
import { useAgent, useProviders, useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** A model on offer: `connect` is what has to be connected before it can be used, `null` when it is already. */
export type OfferedModel = ModelRow & {
  readonly provider: string;
  readonly server: string;
  readonly connect: InputOf<'providers.connect'> | null;
};

const TOOL_ICONS: Readonly<Record<ModelRow['tools'], LucideIcon>> = {
  ok: Check,
  no_tool_call: TriangleAlert,
  refused: TriangleAlert,
  malformed: TriangleAlert,
  claimed: MessageCircle,
  disclaimed: TriangleAlert,
  unchecked: CircleDashed,
};

/** Props of {@link ModelLine}: `isBest` makes its button stand out. */
export type ModelLineProps = {
  readonly model: OfferedModel;
  readonly isBest: boolean;
  readonly showsServer: boolean;
};

/** One model: what it holds and by whose word, whether it can keep memory, and the buttons to use and check it. */
export function ModelLine({ model, isBest, showsServer }: ModelLineProps): JSX.Element {
  const isUsed = useAgent()?.model === model.handle && model.connect === null;
  const check = useProviders((state) => state.checks[model.handle]);
  const [failure, setFailure] = useState<string | null>(null);
  return (
    <li className="connect-model">
      <Icon icon={Server} className={isUsed ? 'acc' : 't3'} />
      <div className="name">
        <p className="cut" title={model.name}>
          <span className="em">{model.name}</span>
          {showsServer && <span className="t2"> {model.server}</span>}
        </p>
        <p className="t12 t3 cut">{windowWords(model)}</p>
      </div>
      <ToolsBadge tools={check?.kind === 'told' ? check.tools : model.tools} />
      <span className="t12 t2 num r size">
        {model.window === null ? t('connect.window.unknown') : t('connect.window', { count: model.window })}
      </span>
      <div className="row acts">
        {model.connect === null && <CheckButton model={model} />}
        <UseButton model={model} isUsed={isUsed} isBest={isBest} onFailure={setFailure} />
      </div>
      <CheckWords model={model} check={check} />
      {failure !== null && (
        <p className="t12 warn told" role="alert">
          {failure}
        </p>
      )}
    </li>
  );
}

/** What is known of the memory tools of a model, in words. */
export function ToolsBadge({ tools }: Pick<ModelRow, 'tools'>): JSX.Element {
  const tone = TOOL_TONES[tools];
  return (
    <span className={`row g1 t12 tools ${tone === 'plain' ? 't2' : tone}`}>
      <Icon icon={TOOL_ICONS[tools]} size={14} />
      {t(`connect.tools.${tools}`)}
    </span>
  );
}

function windowWords({ source, largest }: OfferedModel): string {
  const parts = [
    source === null ? '' : t(`connect.window.${source}`),
    largest === null ? '' : t('connect.window.largest', { tokens: formatNumber(largest) }),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

type UseButtonProps = {
  readonly model: OfferedModel;
  readonly isUsed: boolean;
  readonly isBest: boolean;
  /** Hears why the model cannot be used, and `null` when it is tried again. */
  readonly onFailure: (words: string | null) => void;
};

function UseButton({ model, isUsed, isBest, onFailure }: UseButtonProps): JSX.Element | null {
  const stores = useStores();
  const agent = useAgent();
  const [busy, setBusy] = useState(false);
  const use = async (): Promise<void> => {
    if (isUsed || busy) return;
    setBusy(true);
    onFailure(null);
    try {
      await takeModel(stores, model, agent?.id ?? null);
    } catch (error) {
      onFailure(t('connect.failed', { message: toWire(error).message }));
    } finally {
      setBusy(false);
    }
  };
  if (agent === null && model.connect === null) return null;
  const key = isUsed ? 'connect.used.name' : 'connect.use.name';
  const name =
    agent === null
      ? t('connect.use.connectName', { provider: model.server })
      : t(key, { model: model.name, agent: agent.name });
  // One button in every state, so that the focus stays on it.
  return (
    <Button
      size="s"
      kind={isUsed ? 'ghost' : isBest ? 'prim' : 'plain'}
      className="use"
      aria-label={name}
      aria-pressed={isUsed}
      aria-busy={busy}
      onClick={() => void use()}
    >
      {isUsed && <Icon icon={Check} size={12} />}
      {wordsOfUse({ isUsed, busy, hasAgent: agent !== null })}
    </Button>
  );
}

function wordsOfUse(seen: { isUsed: boolean; busy: boolean; hasAgent: boolean }): string {
  if (seen.busy) return t('connect.use.busy');
  if (seen.isUsed) return t('connect.used');
  return t(seen.hasAgent ? 'connect.use' : 'connect.use.connect');
}

/** Connects what a model needs and reads what it holds, then lets the agent answer with it. Rejects with why not. */
async function takeModel(stores: Stores, model: OfferedModel, agentId: string | null): Promise<void> {
  const { connect, read, providers } = stores.providers.getState();
  if (model.connect !== null) {
    const own = providers.find(({ id }) => id === model.provider)?.base_url;
    const { base_url, ...rest } = model.connect;
    await connect(base_url === own || base_url === undefined ? rest : { ...rest, base_url });
  }
  const provider = stores.providers.getState().providers.find(({ id }) => id === model.provider);
  // What a server on this computer holds is only known once it was asked.
  if (provider?.kind === 'local' && (model.connect !== null || provider.listed_at === null)) {
    await read(model.provider);
  }
  if (agentId !== null) {
    await stores.agents.getState().update({ agent_id: agentId, model: model.handle });
  }
}

function CheckButton({ model }: { readonly model: OfferedModel }): JSX.Element {
  const check = useProviders((state) => state.checks[model.handle]);
  const start = useProviders((state) => state.check);
  const stop = useProviders((state) => state.stopChecking);
  const isAsking = check?.kind === 'asking';
  return (
    <Button
      kind="ghost"
      size="s"
      aria-label={isAsking ? undefined : t('connect.check.name', { model: model.name })}
      onClick={() => (isAsking ? stop(model.handle) : void start(model.handle))}
    >
      {t(isAsking ? 'connect.stop' : 'connect.check')}
    </Button>
  );
}

type CheckWordsProps = { readonly model: OfferedModel; readonly check: CheckState | undefined };

function CheckWords({ model, check }: CheckWordsProps): JSX.Element {
  const words =
    check === undefined
      ? ''
      : check.kind === 'asking'
        ? t('connect.check.busy', { model: model.name })
        : check.message;
  const isBad = check?.kind === 'failed' || (check?.kind === 'told' && check.tools !== 'ok');
  return (
    <p className={`t12 told wrap ${isBad ? 'warn' : 't2'}`} role="status">
      {words}
    </p>
  );
}
