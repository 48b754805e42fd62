import { CircleCheck, RotateCw, Stethoscope, TriangleAlert, Wrench } from 'lucide-react';
import type { JSX } from 'react';
import type { Checkup, Repair } from '../../../shared/contract/doctor.ts';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SectionFrame } from '../settings/section-frame.tsx';
import './doctor.css';
import { FindingRow } from './finding-row.tsx';
import { MendedList } from './mended-list.tsx';
import { MOST_SHOWN } from './most-shown.ts';
import { useDoctor, type DoctorView } from './use-doctor.ts';

/** The Doctor: looks for damage in the whole store when asked to, mends it when asked to, and says what it did. */
export function DoctorSection(): JSX.Element {
  const view = useDoctor();
  const { checkup, repair, busy, failure, start } = view;
  const first = checkup === null;
  const words = busy === 'check' ? 'doctor.checking' : first ? 'doctor.check' : 'doctor.again';
  return (
    <SectionFrame
      id="settings-doctor"
      title={t('settings.doctor')}
      aside={
        <Button size="s" disabled={busy !== null} onClick={() => start('check')}>
          <Icon icon={first ? Stethoscope : RotateCw} size={14} />
          {t(words)}
        </Button>
      }
    >
      <p className="t12 t2">{t('doctor.why')}</p>
      <Progress view={view} />
      {failure !== null && busy === null && (
        <Empty
          icon={TriangleAlert}
          fact={t(`doctor.failed.${failure.work}`)}
          why={failure.message}
          action={undefined}
        />
      )}
      {first && busy !== null && <Skeleton lines={4} />}
      {repair !== null && <MendedList repair={repair} />}
      {checkup !== null && <Found checkup={checkup} repair={repair} view={view} />}
    </SectionFrame>
  );
}

function Progress({ view: { busy, progress } }: { readonly view: DoctorView }): JSX.Element | null {
  if (busy === null || progress === null) return null;
  return (
    <progress
      className="doctor-progress"
      aria-label={t('doctor.progress', progress)}
      value={progress.done}
      max={Math.max(1, progress.of)}
    />
  );
}

type FoundProps = {
  readonly checkup: Checkup;
  readonly repair: Repair | null;
  readonly view: DoctorView;
};

function Found({ checkup, repair, view: { busy, start } }: FoundProps): JSX.Element {
  const { findings, repairable, not_looked_at } = checkup;
  const more = findings.length - MOST_SHOWN;
  return (
    <>
      <p className="row" role="status">
        {findings.length === 0 && <Icon icon={CircleCheck} className="ok" />}
        <span className="grow">
          {outcome(checkup, repair)} <span className="t12 t2">{lookedAt(checkup)}</span>
        </span>
      </p>
      {not_looked_at.map((what) => (
        <p key={what} className="t12 t2" lang="en">
          {what}
        </p>
      ))}
      {findings.length > 0 && (
        <ul className="findings" aria-label={t('doctor.findings')} aria-busy={busy !== null}>
          {findings.slice(0, MOST_SHOWN).map((finding) => (
            <FindingRow key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
      {more > 0 && <p className="t12 t2">{t('doctor.more', { count: more })}</p>}
      {repairable > 0 && (
        <div className="row">
          <Button kind="prim" disabled={busy !== null} onClick={() => start('repair')}>
            <Icon icon={Wrench} size={14} />
            {busy === 'repair' ? t('doctor.repairing') : t('doctor.repair', { count: repairable })}
          </Button>
          <span className="t12 t2">{t('doctor.repair.why')}</span>
        </div>
      )}
    </>
  );
}

function lookedAt({ looked_at: { messages, blocks, entries }, at }: Checkup): string {
  return t('doctor.looked', {
    messages: t('doctor.messages', { count: messages }),
    blocks: t('doctor.blocks', { count: blocks }),
    entries: t('doctor.entries', { count: entries }),
    when: exactTime(at),
  });
}

function outcome({ findings, repairable }: Checkup, repair: Repair | null): string {
  const count = findings.length;
  const has_mended = repair !== null && repair.mended.length > 0;
  if (count === 0) return t(has_mended ? 'doctor.soundNow' : 'doctor.sound');
  return t(has_mended && repairable === 0 ? 'doctor.left' : 'doctor.found', { count });
}
