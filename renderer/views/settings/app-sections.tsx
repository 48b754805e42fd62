import type { JSX } from 'react';
import { LANGUAGES, type Language } from '../../../shared/languages.ts';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { useConnection, usePreferences } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { CopyButton } from '../archive/copy-button.tsx';
import { sizeWords } from '../transfer/read-file.ts';
import { SectionFrame } from './section-frame.tsx';

/** A pseudo-locale is none of them. */
const LANGUAGE_CHOICES = ['system', ...LANGUAGES] as const;
/** Languages by their own names, so that whoever does not understand the window finds theirs. */
const LANGUAGE_NAMES: Partial<Record<string, string>> = { en: 'English', de: 'Deutsch' } satisfies Record<
  Language,
  string
>;
const THEMES = ['system', 'light', 'dark'] as const;

/** How this window looks, and the tour. Applies at once; kept on this computer. */
export function AppearanceSection(): JSX.Element {
  const language = usePreferences((state) => state.language);
  const theme = usePreferences((state) => state.theme);
  const change = usePreferences((state) => state.change);
  const showTour = (): void => {
    change({ tour_step: 1, right_open: true });
    location.hash = '#/chat';
  };
  return (
    <SectionFrame id="settings-appearance" title={t('settings.appearance')}>
      <div className="row line">
        <span className="grow">{t('settings.theme')}</span>
        <Segments
          label={t('settings.theme')}
          size="m"
          value={theme}
          options={THEMES.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          onChange={(value) => change({ theme: value })}
        />
      </div>
      <div className="row line">
        <span className="grow">{t('settings.language')}</span>
        <Segments
          label={t('settings.language')}
          size="m"
          value={language}
          options={LANGUAGE_CHOICES.map((value) => ({
            value,
            label: LANGUAGE_NAMES[value] ?? t('settings.language.system'),
          }))}
          onChange={(value) => change({ language: value })}
        />
      </div>
      <div className="row line">
        <span className="grow">
          {t('settings.tour')} <span className="t12 t3">{t('settings.tour.why')}</span>
        </span>
        <Button onClick={showTour}>{t('settings.tour.act')}</Button>
      </div>
    </SectionFrame>
  );
}

/** What runs here and where it keeps its data. */
export function ComputerSection(): JSX.Element {
  const info = useConnection((state) => state.info);
  return (
    <SectionFrame id="settings-computer" title={t('settings.computer')}>
      {info !== null && (
        <dl className="kv">
          <dt>{t('settings.version')}</dt>
          <dd className="num">{info.version}</dd>
          <dt>{t('settings.folder')}</dt>
          <dd className="row">
            <span className="mono wrap">{info.data_dir}</span>
            <CopyButton text={info.data_dir} />
          </dd>
          <dt>{t('settings.backup')}</dt>
          <dd>
            {info.last_backup === null
              ? t('settings.backup.none')
              : t('settings.backup.at', {
                  when: exactTime(info.last_backup.at),
                  size: sizeWords(info.last_backup.bytes),
                })}
          </dd>
        </dl>
      )}
    </SectionFrame>
  );
}
