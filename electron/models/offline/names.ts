/** Words that stand where a name could, and are none: `call me later`, `it's Friday`, `I'm Sorry`, `no Problem`. */
const NOT_NAMES = new Set(
  `a about absolutely after again all almost already also always am an and angry annoyed anonymous any anytime anyway are as at
  available away awesome awful back bad because better between biased bored boring born broke busy but by certain clueless cold
  complicated confused correct crazy cute curious dead definitely delighted difficult dizzy done down drunk easy either
  embarrassed even ever every everyone exactly excited exhausted fair fine finished first for forgotten free freezing from fun
  funny furious glad go god going gone good great grateful guessing had happy hard has here hidden him hopeless hot hungry hurt
  idea if ill impressed in incorrect indeed interested irrelevant it just kidding know lame last late later less like listening
  little lonely looking lost lucky mad married maybe me mine more my naive names need never new next nervous nice no nobody none
  not nothing now of off offline ok okay old old-fashioned on once online only optional or our out over overwhelmed paranoid
  perfect perhaps picky please pretty private probably problem proud quite rather ready real really relieved right sad same scared
  secret sensitive serious shocked short shy sick silly sir so some someone something soon sorry spelled starving still stop
  stressed stuck stupid such sure surprised tall terrible thanks that the there they thinking thirsty this thrilled tired today
  together tomorrow tonight too totally trying two under unavailable undecided unhappy unimportant unique unknown unsure up upset
  us usually very wait waiting was way we weird well what whatever when whenever where who why will with wondering working worried
  wrong yes yesterday yet you your monday tuesday wednesday thursday friday saturday sunday january february march
  july august september october november december morning afternoon evening night winter spring noon midnight weekend christmas
  easter`.split(/\s+/u),
);

/** What a person is by country or faith; said with a capital letter like a name. */
const PEOPLES =
  /^(?:american|argentin(?:e|ian)|australian|austrian|bangladeshi|belgian|brazilian|british|bulgarian|buddhist|canadian|catholic|chilean|chinese|colombian|croatian|cuban|czech|danish|dutch|egyptian|english|ethiopian|european|filipino|finnish|french|german|greek|hindu|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|jamaican|japanese|jewish|kenyan|korean|latvian|lebanese|lithuanian|malaysian|mexican|moroccan|muslim|nepali|nigerian|norwegian|pakistani|peruvian|polish|portuguese|romanian|russian|scottish|serbian|slovak|slovenian|spanish|swedish|swiss|syrian|taiwanese|thai|turkish|ukrainian|vietnamese|welsh)$/iu;

/** Pictures around a name, such as a smile after it. */
const PICTURES =
  /^[\p{Extended_Pictographic}\u{FE0F}\u{200D}\s]+|[\p{Extended_Pictographic}\u{FE0F}\u{200D}\s]+$/gu;

/** Whether a word says where someone comes from or what they believe, as in "I'm German". */
export function isPeople(text: string): boolean {
  return PEOPLES.test(text.trim());
}

/** Whether a text looks like a person's name: one to three capitalised words, or a script without capitals. */
export function isName(text: string | undefined): boolean {
  const bare = (text ?? '').replaceAll(PICTURES, '').replaceAll(/^["“‘']|["”’'.!]+$/gu, '');
  if (isPeople(bare) || bare.split(' ').some(isNoName)) return false;
  return /^[\p{Lu}\p{Lo}][\p{L}\p{M}'’.-]*(?: [\p{Lu}\p{Lo}][\p{L}\p{M}'’.-]*){0,2}$/u.test(bare);
}

/**
 * Reads the name out of what follows "my name is" or "call me", without what was added to it; `null` when that is no
 * name. A name in small letters is believed when it is short.
 */
export function readName(said: string | undefined): string | null {
  const [name = ''] = (said ?? '').split(
    /\s*(?:,|;|\(|\bnot\b|\band\b|\bbut\b|\bfrom now on\b|\binstead\b|\bplease\b|\bnow\b|\bthough\b|\bfor short\b|\bif\b|\bbecause\b|\bwhen\b)/iu,
  );
  const bare = name
    .replaceAll(/["“”„«»]/gu, '')
    .replaceAll(PICTURES, '')
    .replaceAll(/^['‘\s]+|['’\s.!?~]+$/gu, '')
    .replaceAll(PICTURES, '');
  if (bare.length > 80 || !/^\p{L}[\p{L}\p{M}\p{N} .'’‘-]*$/u.test(bare)) return null;
  const words = bare.split(/\s+/u);
  if (isNoName(words[0] ?? '')) return null;
  const isSmall = /^\p{Ll}/u.test(bare) && !words.some((word) => /^\p{Lu}/u.test(word));
  return words.length > (isSmall ? 2 : 5) ? null : bare;
}

function isNoName(word: string): boolean {
  return NOT_NAMES.has(word.toLowerCase().replaceAll(/[^\p{L}-]/gu, ''));
}
