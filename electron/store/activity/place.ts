/** Where something stands among all that happened: by moment, in one moment by kind, then by its row. */
export type Place = {
  readonly at: string;
  /** Of what happened in one moment, the higher is the newer. */
  readonly rank: number;
  readonly rowid: number;
};

/** Orders the newest first. */
export function comparePlaces(one: Place, other: Place): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  return other.rank - one.rank || other.rowid - one.rowid;
}

/** A place as the cursor of a page. */
export function toCursor({ at, rank, rowid }: Place): string {
  return `${at}~${rank}~${rowid}`;
}

/** The place a cursor names. The contract has checked its form. */
export function fromCursor(cursor: string): Place {
  const [at = '', rank, rowid] = cursor.split('~');
  return { at, rank: Number(rank), rowid: Number(rowid) };
}

/** Places of one kind, the newest first, and how far they were looked for. */
export type PlacePage = {
  readonly places: readonly Place[];
  /** What is older than this was not looked at; `null` when everything was. */
  readonly reached: Place | null;
};

/** The places of all kinds as one page. `next` is where the page after it begins; `null` at the end. */
export function mergePages(
  pages: readonly PlacePage[],
  limit: number,
): { places: Place[]; next: Place | null } {
  // What one kind did not look at could stand between the older places of the others.
  const bound =
    pages
      .flatMap(({ reached }) => reached ?? [])
      .toSorted(comparePlaces)
      .at(0) ?? null;
  const known = pages
    .flatMap(({ places }) => places)
    .filter((place) => bound === null || comparePlaces(place, bound) <= 0)
    .toSorted(comparePlaces);
  const places = known.slice(0, limit);
  return { places, next: known.length > limit ? (places.at(-1) ?? null) : bound };
}
