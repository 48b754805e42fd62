import { TriangleAlert } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { FilePreview } from '../../../shared/contract/transfer.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon } from '../../ui/icon.tsx';

type FileAgent = FilePreview['agents'][number];

/** What a file holds: the counts, what to look at first, its agents and the memory of the chosen one. */
export function ImportPreview({ preview }: { readonly preview: FilePreview }): JSX.Element {
  const [chosen, setChosen] = useState(0);
  const agent = preview.agents[chosen];
  return (
    <>
      <Stats preview={preview} />
      <div className="imp">
        <div>
          {preview.warnings.length > 0 && <Warnings warnings={preview.warnings} />}
          <div className="sect">{t('import.list')}</div>
          {preview.agents.map((each, index) => (
            <AgentRow
              key={`${index} ${each.name}`}
              agent={each}
              selected={index === chosen}
              onSelect={() => setChosen(index)}
            />
          ))}
        </div>
        {agent !== undefined && <Memory agent={agent} />}
      </div>
    </>
  );
}

function Stats({ preview }: { readonly preview: FilePreview }): JSX.Element {
  const sum = (count: (agent: FileAgent) => number): number =>
    preview.agents.reduce((total, agent) => total + count(agent), 0);
  const tools = new Set(preview.agents.flatMap((agent) => agent.tools)).size;
  const stats = [
    ['agents', preview.agents.length],
    ['blocks', sum((agent) => agent.blocks.length)],
    ['messages', sum((agent) => agent.messages)],
    ['entries', sum((agent) => agent.passages)],
    ['tools', tools],
  ] as const;
  return (
    <div className="stats">
      {stats.map(([what, count]) => (
        <div key={what}>
          <b>{formatNumber(count)}</b>
          <span>{t(`import.${what}`, { count })}</span>
        </div>
      ))}
    </div>
  );
}

function Warnings({ warnings }: Pick<FilePreview, 'warnings'>): JSX.Element {
  return (
    <>
      <div className="sect">
        <span className="grow">{t('import.warnings')}</span>
        <span className="num">{warnings.length}</span>
      </div>
      <ul className="wl">
        {warnings.map((warning) => (
          <li key={warning}>
            <Icon icon={TriangleAlert} className="warn" />
            <span className="wrap">{warning}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

type AgentRowProps = { readonly agent: FileAgent; readonly selected: boolean; readonly onSelect: () => void };

function AgentRow({ agent, selected, onSelect }: AgentRowProps): JSX.Element {
  const counted = (what: 'blocks' | 'messages' | 'entries', count: number): string =>
    `${formatNumber(count)} ${t(`import.${what}`, { count })}`;
  return (
    <button
      type="button"
      className={`ag ${selected ? 'sel' : ''}`}
      aria-pressed={selected}
      aria-description={t('import.show', { name: agent.name })}
      onClick={onSelect}
    >
      <Avatar name={agent.name} kind="agent" on={selected} />
      <span className="cut" dir="auto" title={agent.name}>
        <span className="em">{agent.name}</span> <span className="t2">{agent.agent_type}</span>
      </span>
      <span className="t12 t2 what">
        {t('import.agent.what', {
          blocks: counted('blocks', agent.blocks.length),
          messages: counted('messages', agent.messages),
          entries: counted('entries', agent.passages),
        })}
        {agent.in_context > 0 && ` · ${t('import.agent.context', { count: agent.in_context })}`}
      </span>
    </button>
  );
}

function Memory({ agent }: { readonly agent: FileAgent }): JSX.Element {
  return (
    <section className="mem" aria-label={t('import.agent.memory', { name: agent.name })}>
      <div className="sect">{t('import.agent.memory', { name: agent.name })}</div>
      {agent.blocks.map((block, index) => (
        <div key={`${index} ${block.label}`} className="blk">
          <div className="blk-h">
            <h3 className="cut" dir="auto" title={block.label}>
              {block.label}
            </h3>
            <span className="grow" />
            <span className="num t12 t3">
              {formatNumber(block.value.length)} / {formatNumber(block.limit)}
            </span>
          </div>
          <p className={`clamp ${block.value === '' ? 't3' : ''}`} dir="auto">
            {block.value === '' ? t('import.agent.emptyBlock') : block.value}
          </p>
        </div>
      ))}
      <dl className="kv">
        <dt>{t('import.agent.model')}</dt>
        <dd className="mono">{agent.model}</dd>
        <dt>{t('import.agent.tools')}</dt>
        <dd>
          {agent.tools.length === 0 ? (
            t('import.agent.noTools')
          ) : (
            <span className="mono">{agent.tools.join(', ')}</span>
          )}
        </dd>
      </dl>
    </section>
  );
}
