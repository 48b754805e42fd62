/** A text, or one for a single thing and one for several, chosen by `count`. */
export type Entry = string | { readonly one: string; readonly other: string };

/** What a part of the catalogue must hold in another language: the same names, with plural forms where English has them. */
export type Translated<Part> = {
  readonly [Key in keyof Part]: Part[Key] extends string ? string : Exclude<Entry, string>;
};
