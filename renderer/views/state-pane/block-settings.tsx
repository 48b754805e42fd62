import { useState, type JSX } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { toWire } from '../../../shared/errors.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** Props of {@link BlockSettings}. */
export type BlockSettingsProps = { readonly block: Block; readonly onClose: () => void };

/** Who may edit a block: the agent by itself, the agent after a look of a person, or people only. */
export type BlockMode = (typeof MODES)[number];

const MODES = ['automatic', 'review', 'readOnly'] as const;

/** The mode of a block. */
export function modeOf({ read_only, review }: Pick<Block, 'read_only' | 'review'>): BlockMode {
  if (read_only) return 'readOnly';
  return review ? 'review' : 'automatic';
}

/** Label, purpose and limit of a block, and who may edit it. */
export function BlockSettings({ block, onClose }: BlockSettingsProps): JSX.Element {
  const { memory } = useStores();
  const [label, setLabel] = useState(block.label);
  const [description, setDescription] = useState(block.description ?? '');
  const [limit, setLimit] = useState(String(block.limit));
  const [mode, setMode] = useState(modeOf(block));
  const [error, setError] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    try {
      await memory.getState().updateBlock({
        block_id: block.id,
        base_version: block.version,
        label,
        description: description === '' ? null : description,
        limit: Number(limit),
        read_only: mode === 'readOnly',
        review: mode === 'review',
        ...reasonOf(block, { label: label.trim(), description, limit: Number(limit), mode }),
      });
      onClose();
    } catch (failure) {
      setError(toWire(failure).message);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('block.settingsOf', { label: block.label })}
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="prim" onClick={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 mt-3">
        <TextField
          label={t('block.label')}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <TextField
          label={t('block.description')}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <TextField
          label={t('block.limit')}
          type="number"
          min={1}
          value={limit}
          onChange={(event) => setLimit(event.target.value)}
        />
        <div className="labelled">
          <span className="t12 t2" aria-hidden="true">
            {t('block.mode')}
          </span>
          <Segments
            label={t('block.mode')}
            size="m"
            value={mode}
            options={MODES.map((value) => ({ value, label: t(`block.mode.${value}`) }))}
            onChange={setMode}
          />
          <span className="t12 t3">{t(`block.mode.${mode}.why`)}</span>
        </div>
        {error !== null && (
          <p className="danger t12" role="alert">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}

type Wanted = {
  readonly label: string;
  readonly description: string;
  readonly limit: number;
  readonly mode: BlockMode;
};

const MODE_WORDS = {
  automatic: 'feed.setAutomatic',
  review: 'feed.setReview',
  readOnly: 'feed.setReadOnly',
} as const satisfies Record<BlockMode, MessageKey>;

/** Says which settings were changed, since the change itself holds the text alone. */
function reasonOf(block: Block, { label, description, limit, mode }: Wanted): { readonly reason?: string } {
  const told = [
    ...(label === block.label ? [] : [t('feed.setLabel', { label: block.label })]),
    ...(limit === block.limit ? [] : [t('feed.setLimit', { count: limit })]),
    ...(description === (block.description ?? '') ? [] : [t('feed.setDescription')]),
    ...(mode === modeOf(block) ? [] : [t(MODE_WORDS[mode])]),
  ];
  return told.length === 0 ? {} : { reason: told.join(', ') };
}
