/** The small talk it can make. */
export type SmallTalk =
  | 'hello'
  | 'thanks'
  | 'how_are_you'
  | 'who_are_you'
  | 'help'
  | 'joke'
  | 'bye'
  | 'fine'
  | 'time'
  | 'kind_words'
  | 'unkind_words'
  | 'sorry'
  | 'mood'
  | 'distress'
  | 'not_my_name'
  | 'secret'
  | 'task'
  | 'code'
  | 'signs'
  | 'remember_what'
  | 'forget_what'
  | 'will_remember'
  | 'birthday'
  | 'unclear';

const MOODS =
  'hungry|thirsty|tired|sleepy|exhausted|sad|unhappy|lonely|bored|happy|glad|excited|angry|mad|upset|stressed|worried|nervous|scared|afraid|sick|ill|cold|hot|busy|confused|lost|ok|okay|fine|good|great|well|bad|terrible|awful|in pain';

const SMALL_TALK: readonly (readonly [RegExp, SmallTalk])[] = [
  [
    /\b(?:kill(?:ing)? myself|suicid\w*|want to die|wanna die|end (?:my life|it all)|self[- ]harm\w*|hurt(?:ing)? myself|no reason to live|don't want to (?:live|be alive))\b/iu,
    'distress',
  ],
  [
    /^(?:```|(?:def|class|function|const|let|var|import|select|insert into|update|create table|public)\s[^?]*(?:[{};=*]|\)\s*:)|#include\b|<\/?\w+>|\$ |sudo |npm |git |\w+\([^)]*\);?$)/imu,
    'code',
  ],
  [
    /\bhow are you\b|\bhow(?:'s| is) it going\b|^how do you do\b|\bwhat's up\b|\bhow(?:'s| is) your day\b/iu,
    'how_are_you',
  ],
  [
    /\bwho are you\b|\bwhat are you\b|\byour name\b|\bare you (?:an? )?(?:ai|bot|robot|real|human|person|alive|conscious|demo|model|llm|chatgpt|gpt\S*|claude|gemini|siri|alexa|letta|memgpt)\b|\bwhat model\b|\bwhich model\b|\bwho (?:made|built|created) you\b|\bdo you (?:feel|think|dream|sleep|eat|like|love|have (?:feelings|emotions|an? (?:name|soul|mind|body|age)))\b/iu,
    'who_are_you',
  ],
  [
    /^help\b|^i have (?:a|some|another|one) questions?\b|\bwhat can (?:you|i) do\b|\bhow does (?:this|it) work\b|\bwhat should i (?:do|try|say)\b|\bwhat do you do\b/iu,
    'help',
  ],
  [/\bjoke\b/iu, 'joke'],
  [/\b(?:it's|it is|today is|tomorrow is) my birthday\b|\bmy birthday is (?:today|tomorrow)\b/iu, 'birthday'],
  [
    /\b(?:will|would|can|could|do) you (?:still |really |ever )?(?:remember|forget|know) (?:me|this|that|it|us|things|everything|anything)\b/iu,
    'will_remember',
  ],
  [/^(?:what(?:'s| is) )?[\d\s().]*\d\s*[+*/x^-]\s*\d[\d\s().+*/x^-]*[=?\s]*$/iu, 'task'],
  [
    /\bwhat(?:'s| is) (?:the|today's) (?:current )?(?:time|date|day)\b|\bwhat (?:time|day|date) is (?:it|today)\b/iu,
    'time',
  ],
  [
    /^(?:(?:can|could|will|would) you )?(?:please )?(?:help me (?:to )?\w+|write|translate|summari[sz]e|explain|draw|paint|generate|compose|calculate|compute|solve|code|build|book|order|play|sing|send|open|google|search the (?:web|internet)|tell me a(?:bout)? (?:story|poem|fact)|tell me about (?!me\b|my\b|myself\b)|give me (?:a|an|some)\b)/iu,
    'task',
  ],
  [/^no,? thank(?:s| you)\b/iu, 'fine'],
  [/^(?:thanks|thank you|thx|ty|cheers|many thanks|great,? thanks?|ok(?:ay)?,? thanks?)\b/iu, 'thanks'],
  [/^(?:bye|goodbye|good night|see you|see ya|later|ciao(?=[\s.!]*$)|farewell)\b/iu, 'bye'],
  [
    /^i (?:love|like) (?:you|it|this|that)\b|^(?:well done|good job|nice work|(?:i think )?you(?:'re| are) (?:so |very |really )?(?:great|nice|good|amazing|awesome|cool|sweet|smart|clever|kind|helpful|funny|the best))\b/iu,
    'kind_words',
  ],
  [
    /^i (?:hate|dislike|don't like) (?:you|this|that|it)\b|^(?:you(?:'re| are)|this is) (?:so |very |really )?(?:stupid|dumb|useless|bad|terrible|an? idiot|boring|annoying|wrong)\b|^(?:shut up|go away|you suck|idiot|stupid)\b|^(?:that's|that is|this is) (?:wrong|not (?:right|true|correct))\b/iu,
    'unkind_words',
  ],
  [
    /^(?:i(?:'m| am) (?:so |very )?sorry|sorry|my (?:bad|mistake)|apologies|i apologi[sz]e)[\s.!]*$/iu,
    'sorry',
  ],
  [
    /^(?:my name (?:is not|isn't)|i(?:'m| am) not (?:called|named)|(?:that's|that is) not my name|don't call me)\b/iu,
    'not_my_name',
  ],
  [
    /^my (?:\w+ )?(?:password|passcode|pin|cvv|(?:credit )?card(?: number)?|social security(?: number)?)(?: code)? (?:is|=)/iu,
    'secret',
  ],
  [
    /^(?:are you (?:there|awake|listening)|can you hear me|is (?:anyone|anybody|someone) (?:there|here))\b|^(?:hi|hiya|hello|hey|yo|good (?:morning|afternoon|evening)|greetings|howdy|nice to meet you|pleased to meet you)\b[\s\S]{0,20}$/iu,
    'hello',
  ],
  [
    /^i(?:'m| am) (?:ok|okay|fine|good|great|well|alright|all right)(?:,? (?:too|thanks|thank you))*[\s.!]*$/iu,
    'fine',
  ],
  [
    new RegExp(
      String.raw`^i(?:'m| am| feel|'m feeling| am feeling) (?:(?:so|very|really|a bit|a little|feeling|quite|too|not|doing) )*(?:${MOODS})\b|^i have an? (?:headache|cold|fever|cough|bad day)`,
      'iu',
    ),
    'mood',
  ],
  [/^i'm \p{Ll}[\p{L}\p{M}-]+[\s.!]*$/iu, 'unclear'],
  [
    /^(?:(?:ok|okay|yes|yeah|yep|no|nope|fine|good|great|nice|cool|perfect|sure|right|alright|please|very|awesome|interesting|exactly|correct|true|of course|no problem|no worries|no way|not (?:yet|now|really)|never ?mind|forget it|i see|it(?:'s| is) (?:fine|ok|okay|alright)|got it|go on|wow|oh|hm+|ha(?:ha)*|lol)[\s.,!]*)+$/iu,
    'fine',
  ],
];

/** The small talk a message is; `null` when it is none. */
export function readSmallTalk(text: string): SmallTalk | null {
  return SMALL_TALK.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
