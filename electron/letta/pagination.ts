import { z } from 'zod';

/** Query keys of every list. */
export const page_query = {
  before: z.string().optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(0).optional(),
  order: z.enum(['asc', 'desc']).optional(),
};

/** What a caller asked of a list. */
export type Page = {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
};

/** What can be put in an order. */
export type Listed = { readonly id: string; readonly created_at: string };

/**
 * Takes a page as V1 does: rows in order of creation, `after` and `before` are positions in the order asked for, and the
 * limit counts from the start of what remains. An unknown cursor is ignored; a limit of 0 means all.
 */
export function paginate<Row extends Listed>(
  rows: readonly Row[],
  page: Page,
  defaults: { readonly order: 'asc' | 'desc'; readonly limit: number },
): Row[] {
  // Rows of the same moment stay in the order given: blocks of one call in the order of the prompt.
  const ascending = rows.toSorted((a, b) => compare(a.created_at, b.created_at));
  const ordered = (page.order ?? defaults.order) === 'asc' ? ascending : ascending.reverse();
  const start = page.after === undefined ? -1 : ordered.findIndex(({ id }) => id === page.after);
  const end = page.before === undefined ? -1 : ordered.findIndex(({ id }) => id === page.before);
  const rest = ordered.slice(start + 1, end === -1 ? undefined : end);
  const limit = page.limit ?? defaults.limit;
  return limit === 0 ? rest : rest.slice(0, limit);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
