const SHAPES: readonly RegExp[] = [
  // Keys of model providers and of clouds, by the letters they begin with.
  /\b(?:sk|pk|rk|gsk|xai|hf|r8|ghp|gho|glpat|xox[abp])[-_][\w-]{12,}/g,
  /\bAIza[\w-]{20,}/g,
  /\bAKIA[0-9A-Z]{12,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  // The words after a name that says what they are.
  /(?<=\b(?:api[-_]?key|apikey|x-api-key|token|secret|password|passphrase|authorization)["']?\s*[:=]\s*["']?)[^\s"',;&]{4,}/gi,
  // Name and password of an address, and what it asks for.
  /(?<=:\/\/)[^\s/@"']+(?=@)/g,
  /(?<=https?:\/\/[^\s?#]*\?)[^\s#"')]+/g,
];

/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** Takes secrets out of a text. */
export type Redactor = {
  readonly redact: (text: string) => string;
  /** Learns a secret by its very letters; shorter ones than 8 are not told from other words. */
  readonly learn: (secret: string) => void;
};

/** Makes a redactor: what looks like a key, what was learned, and the person's folder, which names the person. */
export function createRedactor(home: string): Redactor {
  const learned = new Set<string>();
  const homes =
    home.length > 1 ? longestFirst([...formsOf(home), ...formsOf(home.replaceAll('\\', '/'))]) : [];
  return {
    learn: (secret) => {
      if (secret.length < 8) return;
      for (const form of formsOf(secret)) learned.add(form);
    },
    redact: (text) => {
      let clean = text;
      // One may begin as another does, whose rest would stay.
      for (const secret of longestFirst(learned)) clean = clean.replaceAll(secret, REDACTED);
      for (const shape of SHAPES) clean = clean.replaceAll(shape, REDACTED);
      for (const folder of homes) clean = clean.replaceAll(folder, '~');
      return clean;
    },
  };
}

/** A text as it stands by itself, in JSON, and in an address as a part or as a path. */
function formsOf(text: string): string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), encodeURI(text)];
}

function longestFirst(texts: Iterable<string>): string[] {
  return [...texts].toSorted((one, other) => other.length - one.length);
}

/** Values of an environment that are secrets by their name. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /(?:KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)$/i.test(name) && value !== undefined
      ? [value]
      : [],
  );
}
