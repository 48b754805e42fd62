import { Archive, Heart, PencilLine, Replace, Search, type LucideIcon } from 'lucide-react';
import type { MessageKey } from '../../messages/t.ts';

/** Something to say that shows what memory does. */
export type Sample = {
  readonly text: MessageKey;
  /** What it does to memory. */
  readonly sub: MessageKey;
  readonly icon: LucideIcon;
  /** Makes sense only once this was said. */
  readonly after: MessageKey | null;
};

/** All samples, in the order they are offered. */
export const SAMPLES: readonly Sample[] = [
  { text: 'welcome.sample.name', sub: 'welcome.sample.name.sub', icon: PencilLine, after: null },
  {
    text: 'welcome.sample.correct',
    sub: 'welcome.sample.correct.sub',
    icon: Replace,
    after: 'welcome.sample.name',
  },
  { text: 'welcome.sample.like', sub: 'welcome.sample.like.sub', icon: Heart, after: null },
  { text: 'welcome.sample.file', sub: 'welcome.sample.file.sub', icon: Archive, after: null },
  { text: 'welcome.sample.know', sub: 'welcome.sample.know.sub', icon: Search, after: null },
];
