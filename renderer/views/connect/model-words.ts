import { Lock, TriangleAlert, WifiOff, type LucideIcon } from 'lucide-react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import type { ModelStanding } from '../../state/providers-standing.ts';

/** How things stand with a model, in a few words and with an icon; `null` when all is well or the demo answers. */
export function standingBadge(
  standing: ModelStanding,
): { readonly icon: LucideIcon; readonly words: string; readonly message: string } | null {
  switch (standing.kind) {
    case 'well':
    case 'demo':
      return null;
    case 'missing': {
      const words = t('standing.missing', { provider: standing.provider });
      return { icon: WifiOff, words, message: standing.message };
    }
    case 'locked':
      return { icon: Lock, words: t('standing.locked'), message: standing.message };
    case 'key':
      return { icon: TriangleAlert, words: t('standing.key'), message: standing.message };
    case 'cut':
      return { icon: TriangleAlert, words: t('standing.cut'), message: standing.message };
    case 'tools':
      return { icon: TriangleAlert, words: t('standing.tools'), message: standing.message };
  }
}

/** What answers in fact: the demo, or a model by its handle. */
export function answeringWords({ model_status }: Agent): string {
  const isDemo = model_status.badge === 'offline_demo' || model_status.badge === 'provider_missing';
  return isDemo ? t('top.offline') : model_status.answering_with;
}
