import { GitMerge } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Section } from './use-section.ts';

/** Props of {@link SectionFrame}: `aside` is said at the end of the heading. */
export type SectionFrameProps = {
  readonly id: string;
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
};

/** A section of the settings: a region with its heading. */
export function SectionFrame({ id, title, aside, children }: SectionFrameProps): JSX.Element {
  return (
    <section id={id} className="set" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <div className="row">
        <h2 id={`${id}-title`} className="grow">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Props of {@link SaveBar}: `title` names the section in the button, `valid` whether the draft can be sent. */
export type SaveBarProps = {
  readonly title: string;
  readonly section: Pick<Section<object>, 'isDirty' | 'hasConflict' | 'busy' | 'failure' | 'revert' | 'save'>;
  readonly valid: boolean;
};

/** Save and Revert of a section, with what went wrong or changed elsewhere. */
export function SaveBar({ title, section, valid }: SaveBarProps): JSX.Element {
  const { isDirty, hasConflict, busy, failure, revert, save } = section;
  return (
    <>
      {hasConflict && (
        <div className="note warn" role="alert">
          <Icon icon={GitMerge} />
          <div className="grow">
            <b>{t('settings.conflict')}</b>
            <p className="t12 t2">{t('settings.conflict.why')}</p>
          </div>
          <Button size="s" onClick={revert}>
            {t('settings.conflict.reload')}
          </Button>
          <Button size="s" disabled={!valid || busy} onClick={() => void save(true)}>
            {t('settings.conflict.overwrite')}
          </Button>
        </div>
      )}
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <div className="row">
        <Button
          kind="prim"
          disabled={!isDirty || !valid || busy || hasConflict}
          aria-label={t('settings.save', { section: title })}
          onClick={() => void save()}
        >
          {t('save')}
        </Button>
        {isDirty && (
          <Button kind="ghost" onClick={revert}>
            {t('settings.revert')}
          </Button>
        )}
      </div>
    </>
  );
}
