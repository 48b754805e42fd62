import { Blocks } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { toWire } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useAgents, useMemory, useStores } from '../../state/stores.ts';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/** Blocks the chosen agent does not have, each with who uses it. Pressing one attaches it: from then on it is shared. */
export function AttachBlock({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const { memory } = useStores();
  const agentId = useMemory((state) => state.agent_id);
  const { blocks, error: readError } = useOtherBlocks(agentId);
  const [error, setError] = useState<string | null>(null);
  const attach = async (block: Block): Promise<void> => {
    if (agentId === null) return;
    try {
      await memory.getState().attachBlock(block.id, agentId);
      onDone();
    } catch (failure) {
      setError(toWire(failure).message);
    }
  };
  const problem = error ?? readError;
  return (
    <>
      <p className="t12 t2">{t('block.attachWhy')}</p>
      {blocks === null && problem === null && <Skeleton lines={3} />}
      {blocks?.length === 0 && (
        <Empty icon={Blocks} fact={t('block.attachNone')} why={t('block.attachNone.why')} />
      )}
      {blocks !== null && blocks.length > 0 && (
        <ul className="choices" aria-label={t('block.attachList')}>
          {blocks.map((block) => (
            <Choice key={block.id} block={block} onChoose={() => void attach(block)} />
          ))}
        </ul>
      )}
      {problem !== null && (
        <p className="danger t12" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

type ChoiceProps = { readonly block: Block; readonly onChoose: () => void };

function Choice({ block, onChoose }: ChoiceProps): JSX.Element {
  const taken = useMemory((state) => state.blocks.some((each) => each.label === block.label));
  const agents = useAgents((state) => state.agents);
  const users = agents.filter(({ id }) => block.agent_ids.includes(id)).map(({ name }) => name);
  const used = users.length === 0 ? t('block.usedByNone') : t('block.usedBy', { agents: users.join(', ') });
  return (
    <li>
      <button type="button" className="item two" disabled={taken} onClick={onChoose}>
        <span className="grow">
          <span className="row">
            <span className="cut em grow">{block.label}</span>
            <span className="t12 t3 num">
              {t('block.count', { used: formatNumber(block.value.length), limit: formatNumber(block.limit) })}
            </span>
          </span>
          <span className="cut sub block">
            {taken ? t('block.taken', { label: block.label }) : used}
            {!taken && block.value !== '' && <span className="t3"> {block.value.slice(0, 80)}</span>}
          </span>
        </span>
      </button>
    </li>
  );
}

function useOtherBlocks(agentId: string | null): {
  readonly blocks: readonly Block[] | null;
  readonly error: string | null;
} {
  const { client, memory } = useStores();
  const [blocks, setBlocks] = useState<readonly Block[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (agentId === null) return undefined;
    let stale = false;
    client.call('blocks.list', {}).then(
      (answer) => {
        if (stale) return;
        const labels = new Set(memory.getState().blocks.map((block) => block.label));
        const others = answer.blocks.filter((block) => !block.agent_ids.includes(agentId));
        // Those that can be attached come first; the rest only says why it can not.
        setBlocks(
          others.toSorted((left, right) => Number(labels.has(left.label)) - Number(labels.has(right.label))),
        );
      },
      (failure: unknown) => !stale && setError(toWire(failure).message),
    );
    return () => {
      stale = true;
    };
  }, [client, memory, agentId]);
  return { blocks, error };
}
