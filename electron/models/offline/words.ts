const STOP_WORDS = new Set(
  `a about again all also am an and any anything are as at be been but by can could did do does doing for from get got had has
  have he her him his how i if in into is it its just know let me mean mentioned more my no not of on or our please really
  recall remember remind said say she so some something tell than that the their them then there these they thing things
  this those to told too us was we were what whats what's when where which who whom whose why will with would you your yours
  i'm i've i'd don't didn't isn't it's that's there's who's where's when's ever still now ok okay`.split(
    /\s+/u,
  ),
);

/** Makes curly apostrophes and quotes straight. Lengths and positions stay the same. */
export function straighten(text: string): string {
  return text.replaceAll(/[‘’ʼ]/gu, "'").replaceAll(/[“”]/gu, '"');
}

/** The words of a text that carry its meaning, in order, lower case, each once. */
export function keywords(text: string): string[] {
  const words = straighten(text)
    .toLowerCase()
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'_-]*/gu);
  const kept = (words ?? [])
    .map((word) => oneSpelling(word.replace(/'s$/u, '')))
    .filter((word) => !STOP_WORDS.has(word));
  return [...new Set(kept)];
}

/** Gives words that are spelled in two ways, as `favourite` and `favorite`, one spelling. */
export function oneSpelling(text: string): string {
  return text.replaceAll(/(?<=(?:fav|col|hon|neighb|hum|flav)o)u(?=r)/giu, '');
}

/** Puts in the apostrophes people leave out: `im`, `dont`, `whats`. */
export function withApostrophes(text: string): string {
  return text
    .replaceAll(/\bim(?= )/giu, "I'm")
    .replaceAll(/\bive(?= )/giu, "I've")
    .replaceAll(/\b(what|who|where|when|that|name)s(?= (?:my|your|the|up|it|in|is|not|wrong)\b)/giu, "$1's")
    .replaceAll(/\b(do|did|is|are|was|does|ca)nt\b/giu, "$1n't");
}

/** A crude stem: enough to bring `like`, `likes` and `liked` together. */
export function stem(word: string): string {
  const lower = word.toLowerCase();
  for (const ending of ['ies', 'ing', 'ic', 'ed', 'es', 's', 'e', 'y']) {
    if (lower.length - ending.length >= 3 && lower.endsWith(ending)) return lower.slice(0, -ending.length);
  }
  return lower;
}

/** How many of the words occur in a text, by stem. */
export function wordsFound(words: readonly string[], text: string): number {
  const present = new Set(keywords(text).map(stem));
  return words.filter((word) => present.has(stem(word))).length;
}

/** A number that depends on the text alone, for choosing among phrasings. */
export function numberOf(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619) >>> 0;
  }
  return hash;
}

/** Upper-cases the first letter. */
export function capitalize(text: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase('en') + text.slice(first.length);
}
