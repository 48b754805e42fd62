import {
  Ellipsis,
  Hand,
  History,
  Lock,
  LockOpen,
  Pencil,
  Settings2,
  Trash2,
  Unlink,
  Users,
} from 'lucide-react';
import { useEffect, useRef, useState, type JSX, type RefObject } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { deleteBlock, detachBlock } from '../../state/removal.ts';
import { useMemory, usePreferences, useStores } from '../../state/stores.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { TourNote } from '../welcome/tour.tsx';
import { BlockCause } from './block-cause.tsx';
import { BlockEditor, editPlace } from './block-editor.tsx';
import { BlockHistory } from './block-history.tsx';
import { BlockSettings } from './block-settings.tsx';
import { BlockValue } from './block-value.tsx';
import { useCountUp } from './use-count-up.ts';

/** Props of {@link BlockCard}: `tour` lets the first steps of the tour stand in this card. */
export type BlockCardProps = { readonly block: Block; readonly tour: boolean };

/** How long new words keep their marker once they can be seen, in ms. */
const FRESH_MS = 8000;

/** What of a block is open over its card. */
type Open = 'editor' | 'history' | 'settings' | null;

/** A block of core memory: its value with new words marked, why it changed, and what can be done with it. */
export function BlockCard({ block, tour }: BlockCardProps): JSX.Element {
  const { drafts } = useStores();
  // A text that waits to be saved is shown again, not hidden behind the pencil.
  const [open, setOpen] = useState<Open>(() =>
    editPlace(block.id) in drafts.getState().drafts ? 'editor' : null,
  );
  const card = useRef<HTMLElement>(null);
  const fresh = useMemory((state) => state.fresh[block.id] ?? null);
  const step = usePreferences((state) => state.tour_step);
  useSeen(card, block.id, fresh?.change_id ?? null);
  const close = (): void => setOpen(null);
  return (
    <section
      ref={card}
      className={`blk ${fresh === null ? '' : 'new'}`}
      role="region"
      aria-label={t('block.region', { label: block.label })}
    >
      <CardHead block={block} unseen={fresh !== null} onOpen={setOpen} />
      {open === 'editor' ? (
        <BlockEditor block={block} onClose={close} />
      ) : (
        <BlockValue block={block} before={fresh?.before ?? null} />
      )}
      {fresh !== null && open !== 'editor' && <BlockCause changeId={fresh.change_id} />}
      {tour && (step === 1 || step === 2) && <TourNote />}
      <Over block={block} open={open} onClose={close} />
    </section>
  );
}

type OverProps = { readonly block: Block; readonly open: Open; readonly onClose: () => void };

/** The drawer or dialog of a block that is open. */
function Over({ block, open, onClose }: OverProps): JSX.Element | null {
  if (open === 'history') return <BlockHistory block={block} onClose={onClose} />;
  return open === 'settings' ? <BlockSettings block={block} onClose={onClose} /> : null;
}

type HeadProps = { readonly block: Block; readonly unseen: boolean; readonly onOpen: (open: Open) => void };

function CardHead({ block, unseen, onOpen }: HeadProps): JSX.Element {
  const others = block.agent_ids.length - 1;
  const count = { used: formatNumber(useCountUp(block.value.length)), limit: formatNumber(block.limit) };
  const near = block.value.length >= block.limit * 0.9;
  return (
    <div className="blk-h">
      <h3 className="cut" dir="auto" title={[block.label, block.description ?? ''].join('\n').trim()}>
        {block.label}
      </h3>
      {unseen && (
        <span className="dot fresh" role="img" title={t('block.unseen')} aria-label={t('block.unseen')} />
      )}
      {block.read_only && (
        <Badge tone="line" icon={Lock} title={t('block.readOnlyWhy')}>
          <span className="only-wide">{t('block.readOnly')}</span>
        </Badge>
      )}
      {block.review && !block.read_only && (
        <Badge tone="line" icon={Hand} title={t('block.reviewedWhy')}>
          <span className="only-wide">{t('block.reviewed')}</span>
        </Badge>
      )}
      {others > 0 && (
        <Badge tone="line" icon={Users} title={t('block.shared', { count: others })}>
          {others + 1}
        </Badge>
      )}
      <span className="grow" />
      <span
        className={`t12 num whitespace-nowrap ${near ? 'warn' : 't3'}`}
        title={t('block.countLabel', { used: count.used, count: block.limit })}
      >
        {t('block.count', count)}
      </span>
      <IconButton
        icon={Pencil}
        iconSize={14}
        label={t('block.edit', { label: block.label })}
        onClick={() => onOpen('editor')}
      />
      <IconButton
        icon={History}
        iconSize={14}
        label={t('block.history')}
        title={t('block.historyOf', { label: block.label })}
        onClick={() => onOpen('history')}
      />
      <CardMenu block={block} onOpen={onOpen} />
    </div>
  );
}

function CardMenu({ block, onOpen }: Pick<HeadProps, 'block' | 'onOpen'>): JSX.Element {
  const stores = useStores();
  const toggle = (): Promise<unknown> =>
    stores.memory.getState().updateBlock({
      block_id: block.id,
      base_version: block.version,
      read_only: !block.read_only,
      reason: t(block.read_only ? 'feed.setWritable' : 'feed.setReadOnly'),
    });
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} iconSize={14} label={t('more', { name: block.label })} />}
      items={[
        { label: t('block.settings'), icon: Settings2, onSelect: () => onOpen('settings') },
        {
          label: t(block.read_only ? 'block.makeWritable' : 'block.makeReadOnly'),
          icon: block.read_only ? LockOpen : Lock,
          onSelect: () => attempt(stores, toggle),
        },
        {
          label: t('block.detach'),
          icon: Unlink,
          onSelect: () => attempt(stores, () => detachBlock(stores, block)),
        },
        {
          label: t('block.delete'),
          icon: Trash2,
          danger: true,
          onSelect: () => attempt(stores, () => deleteBlock(stores, block)),
        },
      ]}
    />
  );
}

/** Words count as seen once the card was on screen, in a visible window, for as long as their marker stands. */
function useSeen(card: RefObject<HTMLElement | null>, blockId: string, changeId: string | null): void {
  const markSeen = useMemory((state) => state.markSeen);
  useEffect(() => {
    const element = card.current;
    if (element === null || changeId === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let onScreen = false;
    const look = (): void => {
      clearTimeout(timer);
      if (onScreen && document.visibilityState === 'visible')
        timer = setTimeout(() => markSeen(blockId), FRESH_MS);
    };
    const observer = new IntersectionObserver(([entry]) => {
      onScreen = entry?.isIntersecting === true;
      look();
    });
    observer.observe(element);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    };
  }, [card, blockId, changeId, markSeen]);
}
