/** An address outside Memoir, judged. */
export type JudgedLink =
  | { readonly ok: true; readonly url: string; /** What the dialog names. */ readonly shown: string }
  | { readonly ok: false; readonly reason: string };

/** Who wrote a link: Memoir itself, or a text of a model, a memory, a tool or an import. */
export type LinkOrigin = 'memoir' | 'text';

/** What opening a link needs. */
export type LinkGate = {
  /** Hands an address to the system. */
  readonly open: (url: string) => Promise<void>;
  /** Asks the person, naming where the link leads and its whole address. */
  readonly confirm: (shown: string, url: string) => Promise<boolean>;
  readonly log: (line: string) => void;
};

/** The one way out of Memoir. Resolves to whether the link was opened. */
export type OpenLink = (address: string, from: LinkOrigin) => Promise<boolean>;

const MAX_CHARACTERS = 2048;
/** What a link may ask of a mail program; others, such as `attach`, could send files. */
const MAIL_FIELDS = new Set(['subject', 'body', 'cc', 'bcc']);

/** Judges an address: only https, http and mailto, without credentials, control characters or excessive length. */
export function judgeLink(address: string): JudgedLink {
  if (address.length > MAX_CHARACTERS)
    return { ok: false, reason: `longer than ${MAX_CHARACTERS} characters` };
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(address)) {
    return { ok: false, reason: 'has blanks or invisible characters' };
  }
  if (!URL.canParse(address)) return { ok: false, reason: 'is no address' };
  const url = new URL(address);
  if (url.protocol === 'mailto:') return judgeMail(url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, reason: `is of the kind ${url.protocol}` };
  }
  // A lone "\" or a missing "//" is read differently by the programs a link passes through.
  if (!/^https?:\/\/[^/\\]/i.test(address) || address.includes('\\'))
    return { ok: false, reason: 'is malformed' };
  if (url.username !== '' || url.password !== '')
    return { ok: false, reason: 'carries a name or a password' };
  return { ok: true, url: url.href, shown: url.host };
}

function judgeMail(url: URL): JudgedLink {
  const fields = [...url.searchParams.keys()].map((field) => field.toLowerCase());
  const foreign = fields.find((field) => !MAIL_FIELDS.has(field));
  if (foreign !== undefined) return { ok: false, reason: `asks a mail program for "${foreign}"` };
  if (/%0[ad]/i.test(url.pathname)) return { ok: false, reason: 'has line breaks' };
  return { ok: true, url: url.href, shown: url.pathname };
}

/** Makes the gate. Links out of texts are confirmed one at a time: further ones are refused while one is asked about. */
export function createLinkGate({ open, confirm, log }: LinkGate): OpenLink {
  let asking = false;
  return async (address, from) => {
    const judged = judgeLink(address);
    if (!judged.ok) {
      log(`A link was refused: it ${judged.reason}.`);
      return false;
    }
    if (from === 'text') {
      if (asking) return false;
      asking = true;
      try {
        if (!(await confirm(judged.shown, judged.url))) return false;
      } finally {
        asking = false;
      }
    }
    await open(judged.url);
    return true;
  };
}
