import { Bot, Settings } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { useAgent } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { parseAddress } from '../frame/route.ts';
import { ExportDialog } from '../transfer/export-dialog.tsx';
import { AppearanceSection, ComputerSection } from './app-sections.tsx';
import { ApprovalsSection } from './approvals-section.tsx';
import { CompactionSection } from './compaction-section.tsx';
import { DeleteSection } from './delete-agent.tsx';
import { IdentitySection } from './identity-section.tsx';
import { ModelSection } from './model-section.tsx';
import './settings.css';
import { DoctorSection } from '../doctor/doctor-section.tsx';
import { TroubleSection } from '../troubles/trouble-section.tsx';
import { ProvidersSection } from './providers-section.tsx';
import { ReviewSection } from './review-section.tsx';
import { SystemSection } from './system-section.tsx';
import { ToolsSection } from './tools-section.tsx';
import { TracesSection } from './traces-section.tsx';

const AGENT_SECTIONS = ['identity', 'model', 'compaction', 'system', 'tools', 'review', 'delete'] as const;
const APP_SECTIONS = [
  'providers',
  'approvals',
  'appearance',
  'traces',
  'computer',
  'troubles',
  'doctor',
] as const;
const SECTIONS: readonly string[] = [...AGENT_SECTIONS, ...APP_SECTIONS];

/** Settings of the chosen agent, then of this window and this computer. */
export function SettingsPage(): JSX.Element {
  const agent = useAgent();
  useNamedSection(agent !== null);
  return (
    <main className="page">
      <div className="head settings-head">
        <Icon icon={Settings} size={20} className="t3" />
        <h1 className="cut">{t('settings.title')}</h1>
      </div>
      <div className="settings">
        <nav aria-label={t('settings.sections')}>
          {agent !== null && (
            <>
              <div className="sect">
                <Avatar name={agent.name} kind="agent" on small />
                <span className="cut">{agent.name}</span>
              </div>
              {AGENT_SECTIONS.map((name) => (
                <SectionLink key={name} name={name} words={`settings.${name}`} />
              ))}
            </>
          )}
          <div className="sect">{t('settings.ofApp')}</div>
          {APP_SECTIONS.map((name) => (
            <SectionLink key={name} name={name} words={`settings.${name}`} />
          ))}
        </nav>
        <div className="scroll">
          <div className="measure">
            {agent === null ? (
              <Empty icon={Bot} fact={t('settings.noAgent')} why={t('settings.noAgent.why')} />
            ) : (
              <AgentSections key={agent.id} agent={agent} />
            )}
            <ProvidersSection />
            <ApprovalsSection />
            <AppearanceSection />
            <TracesSection />
            <ComputerSection />
            <TroubleSection key={agent?.id ?? ''} />
            <DoctorSection />
          </div>
        </div>
      </div>
    </main>
  );
}

type SectionLinkProps = { readonly name: string; readonly words: MessageKey };

/** The address names the page, so a section is scrolled to instead of linked. */
function SectionLink({ name, words }: SectionLinkProps): JSX.Element {
  return (
    <button type="button" className="item" onClick={() => showSection(name)}>
      {t(words)}
    </button>
  );
}

function showSection(name: string): void {
  const section = document.querySelector<HTMLElement>(`#settings-${name}`);
  section?.scrollIntoView({ block: 'start' });
  section?.focus({ preventScroll: true });
}

/** Brings the section the address names into view, once the sections are there and whenever another one is named. */
function useNamedSection(ready: boolean): void {
  useEffect(() => {
    if (!ready) return undefined;
    const follow = (): void => {
      const name = parseAddress(location.hash)?.item_id;
      if (SECTIONS.some((each) => each === name)) showSection(name ?? '');
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [ready]);
}

function AgentSections({ agent }: { readonly agent: Agent }): JSX.Element {
  const [exporting, setExporting] = useState(false);
  return (
    <>
      <IdentitySection agent={agent} />
      <ModelSection agent={agent} />
      <CompactionSection agent={agent} />
      <SystemSection agent={agent} />
      <ToolsSection agent={agent} />
      <ReviewSection agent={agent} />
      <DeleteSection agent={agent} onExport={() => setExporting(true)} />
      <ExportDialog agentId={agent.id} open={exporting} onOpenChange={setExporting} />
    </>
  );
}
