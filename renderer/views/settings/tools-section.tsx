import { useEffect, useId, useState, type JSX } from 'react';
import type { Agent, ToolPolicy } from '../../../shared/contract/agents.ts';
import type { ToolSummary } from '../../../shared/contract/system.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { Segments } from '../../ui/segments.tsx';
import { SaveBar, SectionFrame } from './section-frame.tsx';
import { useSection } from './use-section.ts';

type Names = { readonly tools: readonly string[]; readonly tool_policies: Agent['tool_policies'] };

const FIELDS = {
  read: ({ tools, tool_policies }: Agent): Names => ({ tools, tool_policies }),
  write: ({ tools, tool_policies }: Names) => ({ tools: [...tools], tool_policies: { ...tool_policies } }),
};

/** The tools the agent has, in the order the model sees them, and those it could have. */
export function ToolsSection({ agent }: { readonly agent: Agent }): JSX.Element {
  const { client } = useStores();
  const [known, setKnown] = useState<readonly ToolSummary[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    client.call('tools.list', {}).then(
      ({ tools }) => setKnown(tools),
      (error: unknown) => setFailure(t('settings.tools.failed', { message: toWire(error).message })),
    );
  }, [client]);
  const section = useSection(agent, FIELDS);
  const { tools: attached, tool_policies: policies } = section.draft;
  const names = [...new Set([...agent.tools, ...attached, ...known.map(({ name }) => name)])];
  const toggle = (name: string, on: boolean): void =>
    section.change({ tools: on ? [...attached, name] : attached.filter((each) => each !== name) });
  const setPolicy = (name: string, policy: ToolPolicy): void => {
    const { [name]: _before, ...others } = policies;
    section.change({ tool_policies: policy === 'automatic' ? others : { ...others, [name]: policy } });
  };
  const title = t('settings.tools');
  return (
    <SectionFrame
      id="settings-tools"
      title={title}
      aside={
        <span className="t12 t3 num">
          {t('settings.tools.count', { on: attached.length, count: names.length })}
        </span>
      }
    >
      <p className="t12 t2">
        {t('settings.tools.why')} {t('settings.policy.why')}
      </p>
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <ul className="tools">
        {names.map((name) => (
          <ToolRow
            key={name}
            name={name}
            tool={known.find((each) => each.name === name)}
            isListed={known.length > 0}
            on={attached.includes(name)}
            policy={policies[name] ?? 'automatic'}
            onChange={(on) => toggle(name, on)}
            onPolicy={(policy) => setPolicy(name, policy)}
          />
        ))}
      </ul>
      <SaveBar title={title} section={section} valid />
    </SectionFrame>
  );
}

type ToolRowProps = {
  readonly name: string;
  readonly tool: ToolSummary | undefined;
  /** Whether the list of tools came: before that nothing can be said of an unknown one. */
  readonly isListed: boolean;
  readonly on: boolean;
  readonly policy: ToolPolicy;
  readonly onChange: (on: boolean) => void;
  readonly onPolicy: (policy: ToolPolicy) => void;
};

const POLICIES = ['automatic', 'ask'] as const satisfies readonly ToolPolicy[];

function ToolRow({ name, tool, isListed, on, policy, onChange, onPolicy }: ToolRowProps): JSX.Element {
  const id = useId();
  // The first paragraph is for people; what follows tells the model about arguments.
  const summary = tool?.description.split('\n\n', 1)[0] ?? (isListed ? t('settings.tools.foreign') : '');
  return (
    <li className="row strip">
      <input
        id={id}
        type="checkbox"
        checked={on}
        aria-describedby={`${id}-what`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div className="grow">
        <label htmlFor={id} className="mono">
          {name}
        </label>
        <p id={`${id}-what`} className="t12 t2 wrap" title={tool?.description}>
          {summary}
        </p>
      </div>
      {on && (
        <Segments
          label={t('settings.policy', { name })}
          value={policy}
          options={POLICIES.map((value) => ({ value, label: t(`settings.policy.${value}`) }))}
          onChange={onPolicy}
        />
      )}
    </li>
  );
}
