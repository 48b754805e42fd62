import { describe, expect, test } from 'vitest';
import { startLetta, type Wire } from '../letta/server.ts';
import { type Outcome, talk } from './offline-talk.ts';

/** What each line, said to an agent of its own, leaves in the block. */
async function keptOf(lines: readonly string[], fields: Wire = {}): Promise<Record<string, string>> {
  const letta = await startLetta();
  const found: Record<string, string> = {};
  for (const line of lines) found[line] = (await talk(letta, [line], fields)).human;
  return found;
}

const NAMES = {
  "hey there, I'm Maria": 'Name: Maria',
  "my name's Bob": 'Name: Bob',
  'The name is Bond, James Bond': 'Name: Bond',
  'I am Dr. Anna-Lena Müller-Schmidt': 'Name: Dr. Anna-Lena Müller-Schmidt',
  'Please call me Ms. Lovelace': 'Name: Ms. Lovelace',
  'im Kit 😀': 'Name: Kit',
  'My name is “Robert” Smith!!': 'Name: Robert Smith',
  'Hey Ada! I’m Max, nice to meet you': 'Name: Max',
  'My name is Max, what’s yours?': 'Name: Max',
  'You can call me Al if you like': 'Name: Al',
  'I prefer to be called Kitty': 'Name: Kitty',
  'My friends call me Al': 'Name: Al',
  'I’m "Kit"': 'Name: Kit',
  'I AM BOB': 'Name: BOB',
  'I’m Tom, a carpenter from Leeds': 'Name: Tom\nIs a carpenter from Leeds',
  'Hello 👋 I’m Zoë 🌸 and I love 🍣': 'Name: Zoë\nLoves 🍣',
};

const FACTS = {
  'I have two dogs, Max and Bella': 'Has two dogs, Max and Bella',
  "I'm from Brazil but live in Berlin": 'From Brazil\nLives in Berlin',
  "I don't eat meat": "Doesn't eat meat",
  'I dont like mushrooms': 'Dislikes mushrooms',
  "I'm vegan": 'Is vegan',
  "I'm German": 'Is German',
  'I am allergic to peanuts and penicillin!': 'Allergic to peanuts and penicillin',
  'My birthday is on March 3rd': 'Birthday: March 3rd',
  'I was born on 12 May 1990': 'Born on 12 May 1990',
  "My wife's name is Carol": "Wife's name: Carol",
  'I work from home': 'Works from home',
  "I can't eat gluten": "Can't eat gluten",
  "I've got a cat called Tom": 'Has a cat called Tom',
  'I moved to Rome last week': 'Lives in Rome',
  'I love pizza 🍕 and 🍣': 'Loves pizza 🍕 and 🍣',
  'I have a dog named Rex': 'Has a dog named Rex',
  'I have two cats, Miso and Ramen': 'Has two cats, Miso and Ramen',
  "I'm allergic to nuts, eggs and my boss": 'Allergic to nuts, eggs and their boss',
  'I like tea, and my dog is Rex': 'Likes tea\nDog: Rex',
  'I no longer like tea': 'Dislikes tea',
  'I live in Rome now': 'Lives in Rome',
  'I like "The Beatles" and \'Queen\'': 'Likes "The Beatles" and \'Queen\'',
};

const NOTHING = [
  'call me later',
  'Call me crazy',
  "It's Friday!",
  'No Problem',
  "I'm Sorry",
  'I am Tired',
  "I'm OK",
  "No, that's wrong",
  'Actually the weather is nice',
  "Actually it's Wednesday",
  "I'm Mia, not sad",
  'Can you remember things?',
  'Could you remember stuff for me?',
  "I'm hungry",
  'I have a headache',
  'I have a question',
  'my password is hunter2',
  'My name is <script>alert(1)</script>',
  'my name is {{name}}',
  'My name is Kit</value></human>',
  'my name is hard to pronounce',
  "My name isn't Bob",
  'My house is on fire',
  'Remember this',
  'forget about it',
  'What is the capital of France?',
  'I hate you',
  'asdfghjkl',
  '😀😀😀',
  'const a = 1;',
];

describe('a newcomer', () => {
  test('is called by the name given, in many wordings', async () => {
    expect(await keptOf(Object.keys(NAMES))).toEqual(NAMES);
  });

  test('is known by what they tell', async () => {
    expect(await keptOf(Object.keys(FACTS))).toEqual(FACTS);
  });

  test('speaks to an agent of the older kind just the same', async () => {
    const kept = { "hey there, I'm Maria": 'Name: Maria', "I'm vegan": 'Is vegan' };
    expect(await keptOf(Object.keys(kept), { agent_type: 'memgpt_agent' })).toEqual(kept);
  });

  test('is not quoted with what was no fact, and gets an answer all the same', async () => {
    const letta = await startLetta();
    for (const line of NOTHING) {
      const { human, archive, answer } = await talk(letta, [line]);
      expect([line, human, archive]).toEqual([line, '', []]);
      expect(answer.length).toBeGreaterThan(8);
      expect(answer).not.toMatch(/in my memory now|Filed in|wrote your name/u);
    }
  });

  test.each([
    ['Bonjour, je m’appelle Claire', /anglais.*My name is/u],
    ['Hola, ¿cómo estás?', /inglés/u],
    ['Ich heiße Jürgen', /Demo-Modell.*Englisch/u],
    ['Je ne parle pas anglais', /anglais/u],
    ['No hablo inglés', /inglés/u],
    ['你好，我叫小明', /英语/u],
    ['Привет! Меня зовут Иван', /английский/u],
    ['こんにちは', /英語/u],
    ['مرحبا', /الإنجليزية/u],
    ['สวัสดี', /ภาษาอังกฤษ/u],
    ['Привіт, мене звуть Іван', /англійську/u],
    ['Xin chào, tôi là Minh', /tiếng Anh/u],
    ['Ciao, come va?', /inglese/u],
    ['ជំរាបសួរ', /I read only English.*In English I understand/u],
  ])('who writes "%s" is told kindly that only English is understood', async (line, says) => {
    const { human, answer } = await talk(await startLetta(), [line]);
    expect([human, answer]).toEqual(['', expect.stringMatching(says)]);
  });

  test('in distress is sent to people who can help', async () => {
    const { human, answer } = await talk(await startLetta(), ['I want to die']);
    expect(human).toBe('');
    expect(answer).toMatch(/sorry.*someone you trust.*emergency number/u);
  });
});

describe('in a talk', () => {
  const talks: readonly [string, readonly string[], Partial<Record<keyof Outcome, unknown>>][] = [
    ['a bare name answers the question for it', ['What is my name?', 'Kit'], { human: 'Name: Kit' }],
    ['"it’s" answers it too', ['who am I?', "it's Bob"], { human: 'Name: Bob' }],
    [
      'corrections follow each other, also where one name begins the other',
      ['My name is Peter', 'no, it is Pete', "No, it's not Pete, it's Petra", 'whats my name?'],
      { human: 'Name: Petra', answer: 'Your name is Petra.' },
    ],
    [
      'the list of what it can do comes once',
      ['blorp', 'hmm blorp blorp'],
      { answer: expect.stringMatching(/^(?!.*My name is)/u) },
    ],
    [
      'the hint for what it does not find comes once',
      ['where is the blorp?', 'where is the fizz?'],
      { answer: 'I looked in my memory, my archive and our conversations and found nothing about that.' },
    ],
    [
      'the hint on English comes once',
      ['Привет', 'Как дела?'],
      { answer: expect.stringMatching(/^(?!.*In English)/u) },
    ],
    [
      'a question whether it remembers a thing is answered, not filed',
      ['My locker code is 4411', 'Can you remember my locker code?'],
      { archive: [], answer: 'From my memory: “Locker code: 4411”.' },
    ],
    [
      'the age of a dog does not take the place of its name',
      ['My dog is called Rex', 'My dog is 3 years old', 'My dog is called Max', "what's my dog's name?"],
      { human: 'Dog: Max\nDog: 3 years old', answer: 'From my memory: “Dog: Max”. “Dog: 3 years old”.' },
    ],
    [
      'what was liked once is not claimed when it is disliked now',
      ['I like tea', "I don't like tea", 'do I like tea?'],
      { human: 'Dislikes tea', answer: 'From my memory: “Dislikes tea”.' },
    ],
    [
      'spelling makes no second favourite',
      ['My favourite colour is blue.', 'my favorite color is green', "what's my favourite colour?"],
      { human: 'Favorite color: green', answer: 'From my memory: “Favorite color: green”.' },
    ],
    [
      'allergies are found by either word',
      ["I'm allergic to nuts", 'do I have any allergies?'],
      { answer: 'From my memory: “Allergic to nuts”.' },
    ],
    [
      'an order to remember is filed as the thing to remember',
      ['remember to buy milk tomorrow', 'note to self: call grandma'],
      { archive: ['buy milk tomorrow', 'call grandma'] },
    ],
    [
      'what was said is quoted without the questions about it',
      ["Don't forget: dentist on Tuesday", 'when is the dentist?', 'What did I say about the dentist?'],
      { answer: "About the dentist you said:\n- “Don't forget: dentist on Tuesday”." },
    ],
    [
      'a question may name foreign things',
      ['Remember that the wifi code of Café Olá is tulip', 'What is the wifi code of Café Olá?'],
      { answer: expect.stringContaining('tulip') },
    ],
    [
      'past talk is searched by subject, not by day',
      ['what did I tell you yesterday?'],
      { answer: expect.stringMatching(/^About what\?/u) },
    ],
  ];

  test.each(talks)('%s', async (_what, said, expected) => {
    expect(await talk(await startLetta(), said)).toMatchObject(expected);
  });
});
