import { z } from 'zod';
import { detail } from './errors.ts';

const words = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

const tool_return = z.looseObject({
  tool_call_id: z.string(),
  tool_return: words,
  status: z.enum(['success', 'error']).nullish(),
});

const approval_item = z.looseObject({
  approvals: z
    .array(
      z.union([
        tool_return,
        z.looseObject({ tool_call_id: z.string(), approve: z.boolean(), reason: z.string().nullish() }),
      ]),
    )
    .nullish(),
  tool_returns: z.array(tool_return).nullish(),
  approve: z.boolean().nullish(),
  approval_request_id: z.string().nullish(),
  reason: z.string().nullish(),
});

/** What a client says about one call. `ref`: the call's id, or in the older form the id of the message that asked. */
export type GivenDecision = { readonly ref: string } & (
  | { readonly decision: 'approve' }
  | { readonly decision: 'deny'; readonly reason: string }
  | { readonly decision: 'return'; readonly result: string; readonly status: 'success' | 'error' }
);

type Item = Readonly<Record<string, unknown>>;

/** Whether an item of a body answers a request for approval, rather than saying something. */
export function isApproval(item: Item): boolean {
  const { type } = item;
  return type === 'approval' || type === 'tool_return' || 'approve' in item || 'approval_request_id' in item;
}

/** Reads what an item decides. 422 when it is of no known shape. */
export function readDecisions(item: Item): GivenDecision[] {
  const parsed = approval_item.safeParse(item);
  if (!parsed.success) throw detail(422, 'This approval can not be read: see approvals of ApprovalCreate.');
  const { approvals, tool_returns, approve, approval_request_id, reason } = parsed.data;
  const given = [...(approvals ?? []), ...(tool_returns ?? [])].map(readDecision);
  if (given.length > 0) return given;
  if (typeof approve === 'boolean' && approval_request_id) {
    return [answer(approval_request_id, approve, reason)];
  }
  throw detail(400, 'An approval must say what is approved: approvals must not be empty.');
}

function readDecision(each: NonNullable<z.output<typeof approval_item>['approvals']>[number]): GivenDecision {
  const { tool_call_id: ref } = each;
  const returned = tool_return.safeParse(each);
  if (!returned.success) return answer(ref, each['approve'] === true, each['reason']);
  const { tool_return: result, status } = returned.data;
  return { ref, decision: 'return', result: textOf(result), status: status ?? 'success' };
}

function answer(ref: string, approve: boolean, reason: unknown): GivenDecision {
  if (approve) return { ref, decision: 'approve' };
  return { ref, decision: 'deny', reason: typeof reason === 'string' ? reason : '' };
}

function textOf(content: z.output<typeof words>): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n');
}
