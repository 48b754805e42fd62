import { ArrowLeft, X } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Replay } from '../../../shared/contract/steps.ts';
import { t } from '../../messages/t.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ReplayForm } from './replay-form.tsx';
import { ReplayList } from './replay-list.tsx';
import { ReplayResult } from './replay-result.tsx';
import { useReplay } from './use-replay.ts';
import type { WholeStep } from './use-step.ts';

/** Props of {@link ReplayPanel}. */
export type ReplayPanelProps = {
  readonly whole: WholeStep;
  /** Something was added to the replays of the step. */
  readonly onMade: () => void;
  readonly onBack: () => void;
  readonly onClose: () => void;
};

/** Asking a step again: of which model, with what edited, and the answer beside the recorded one. */
export function ReplayPanel({ whole, onMade, onBack, onClose }: ReplayPanelProps): JSX.Element {
  const [made, setMade] = useState<readonly Replay[]>([]);
  const [shown, setShown] = useState<string | null>(whole.replays.at(-1)?.id ?? null);
  const replaying = useReplay(whole.step.id, (replay) => {
    setMade((known) => [...known, replay]);
    setShown(replay.id);
    onMade();
  });
  const known = new Set(whole.replays.map(({ id }) => id));
  const replays = [...whole.replays, ...made.filter(({ id }) => !known.has(id))];
  const replay = replays.find(({ id }) => id === shown);
  return (
    <>
      <div className="head">
        <IconButton icon={ArrowLeft} label={t('activity.replay.back')} onClick={onBack} />
        <h2 className="cut">{t('activity.replay.title', { step: whole.step.ord })}</h2>
        <span className="grow" />
        <IconButton icon={X} label={t('close')} onClick={onClose} />
      </div>
      <div className="scroll act-replay">
        <ReplayForm whole={whole} replaying={replaying} />
        <ReplayList replays={replays} shown={shown} onShow={setShown} />
        {replay !== undefined && <ReplayResult whole={whole} replay={replay} />}
      </div>
    </>
  );
}
