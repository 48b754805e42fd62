import { describe, expect, test } from 'vitest';
import { startLetta, type Wire } from '../letta/server.ts';
import { type Outcome, talk } from './offline-talk.ts';

type Talk = readonly [string, readonly string[], Partial<Record<keyof Outcome, unknown>>];

describe('what is taken back or set right', () => {
  const talks: readonly Talk[] = [
    [
      'the new name counts, also where it is part of the old one',
      ['My name is Mara', 'Actually, call me Mar', 'What do you know about me?'],
      { human: 'Name: Mar', answer: expect.stringContaining('- Name: Mar\n') },
    ],
    [
      'a name that was forgotten makes room for others',
      [
        'My name is Mara',
        'Forget my name',
        'My name is Zed',
        'call me Zeddy',
        'call me Zed',
        "what's my name?",
      ],
      { human: 'Name: Zed', answer: 'Your name is Zed.' },
    ],
    [
      'a name is taken back and another given in one breath',
      ['My name is Priya', 'My name is not Priya anymore, call me Pri'],
      { human: 'Name: Pri' },
    ],
    ['a name is set against the wrong one', ['I am Mara', "I'm Anna, not Mara!"], { human: 'Name: Anna' }],
    [
      'a day is corrected where it stands',
      ['I have a dentist appointment on Tuesday', "Actually it's Wednesday"],
      {
        human: 'Has a dentist appointment on Wednesday',
        answer: 'Corrected in my memory: “Has a dentist appointment on Wednesday”. You can undo it.',
      },
    ],
    [
      'a month that could be a name corrects the month',
      ['My name is Kit', 'Remember that the lease ends in May', 'no, June', 'When does the lease end?'],
      { human: 'Name: Kit', answer: 'From my archive: “the lease ends in June”.' },
    ],
    [
      'a correction of what was filed is filed, said to be so, and found first',
      ['Remember that the locker code is 4411', 'Actually the locker code is 9920'],
      {
        archive: expect.arrayContaining(['the locker code is 9920', 'the locker code is 4411']),
        answer: expect.stringMatching(/^Filed the correction.*9920.*entry before it stays/u),
      },
    ],
    [
      'the newer of two entries answers',
      ['Remember that the lease ends in May', 'no, the lease ends in June', 'When does the lease end?'],
      { answer: 'From my archive: “the lease ends in June”.' },
    ],
    [
      'a number, a time or a colour is corrected where it stands',
      [
        'My flight is at 9',
        'no, 10:30',
        'My car is red',
        "Actually it's blue",
        'I have 2 cats',
        'actually 3 cats',
      ],
      { human: 'Flight: at 10:30\nCar: blue\nHas 3 cats' },
    ],
    [
      'what has nothing to correct changes nothing',
      ['My car is red', "Actually it's Wednesday"],
      { human: 'Car: red', answer: expect.stringMatching(/not sure what that corrects/u) },
    ],
    [
      'a correction of a line takes its place',
      ['My locker code is 4411', 'Actually the locker code is 9920'],
      { human: 'Locker code: 9920', archive: [] },
    ],
    [
      'more of the same take the place of fewer',
      ['I have two cats, Miso and Ramen', 'I have three cats now', 'how many cats do I have?'],
      { human: 'Has three cats', answer: 'From my memory: “Has three cats”.' },
    ],
    [
      'one more of the same stands beside the first',
      ['I have a dog named Rex', 'I have a dog named Max'],
      { human: 'Has a dog named Rex\nHas a dog named Max' },
    ],
    [
      'a taste takes the place of its opposite, and of no other',
      ['I like green tea', "I can't stand coffee", 'I like coffee now', 'I hate tea'],
      { human: 'Likes green tea\nLikes coffee\nHates tea' },
    ],
    [
      'being forgotten clears the block and says what stays',
      ['My name is Kit', 'Remember that x is y', 'forget me'],
      { human: '', archive: ['x is y'], answer: expect.stringMatching(/^Done.*archive stays/u) },
    ],
    [
      'being forgotten where nothing is known is said to change nothing',
      ['forget me'],
      { answer: expect.stringMatching(/^There is nothing about you.*nothing was removed/u) },
    ],
  ];

  test.each(talks)('%s', async (_what, said, expected) => {
    expect(await talk(await startLetta(), said)).toMatchObject(expected);
  });
});

describe('where the block is read-only', () => {
  const locked = (value: string): Wire => ({
    memory_blocks: [
      { label: 'human', value, read_only: true },
      { label: 'persona', value: 'My name is Ada.' },
    ],
  });
  const talks: readonly [string, string, readonly string[], Partial<Record<keyof Outcome, unknown>>][] = [
    [
      'what is told is filed, and said to be filed',
      '',
      ['My name is Kit'],
      {
        human: '',
        archive: ['Name: Kit'],
        answer:
          'My block "human" is read-only, so I left it as it is. Instead I filed this in my archive: “Name: Kit”. Ask me for it any time.',
      },
    ],
    [
      'the name is found',
      '',
      ['I am Kit', 'call me Kat', 'What is my name?'],
      { answer: 'Your name is Kat.' },
    ],
    [
      'all of it is found',
      '',
      ['My name is Kit', 'I like tea', 'What do you know about me?'],
      { answer: 'My memory block is empty.\n\nIn my archive I have:\n- Likes tea\n- Name: Kit' },
    ],
    [
      'both names are told where they differ',
      'Name: Kit',
      ['call me Kat', 'What is my name?'],
      { answer: expect.stringMatching(/block says Kit.*archive I filed Kat/u) },
    ],
    [
      'nothing is claimed to be forgotten',
      'Name: Kit',
      ['forget my name'],
      { human: 'Name: Kit', answer: expect.stringMatching(/read-only, so nothing was removed/u) },
    ],
    [
      'forgetting everything is refused too',
      'Name: Kit',
      ['forget everything'],
      { human: 'Name: Kit', answer: expect.stringMatching(/^Nothing was removed.*read-only/u) },
    ],
  ];

  test.each(talks)('%s', async (_what, value, said, expected) => {
    expect(await talk(await startLetta(), said, locked(value))).toMatchObject(expected);
  });
});
