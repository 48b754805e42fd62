import type { Agent } from '../../../shared/contract/agents.ts';
import type { ContextOverview, ContextPart, RequestComparison } from '../../../shared/contract/context.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** What stands beside the table: a part, the whole request, or a summary. */
export type Shown =
  | { readonly kind: 'part'; readonly part: ContextPart['kind'] }
  | { readonly kind: 'request' }
  | { readonly kind: 'summary'; readonly summary_id: string };

/** What both panes of the page are drawn from. */
export type ContextPaneProps = {
  readonly agent: Agent;
  readonly place: TalkPlaceName;
  readonly overview: ContextOverview;
  /** `null` until it was read. */
  readonly comparison: RequestComparison | null;
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
};
