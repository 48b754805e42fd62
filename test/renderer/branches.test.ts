import { describe, expect, test } from 'vitest';
import { beginsIn, branchesOf, inListOrder, originOf, partingsOf } from '../../renderer/state/branches.ts';
import type { Conversation } from '../../shared/contract/conversations.ts';

/** A conversation named by a letter; the later in the alphabet, the younger. */
function talk(name: string, parent: string | null = null, fork_seq: number | null = null): Conversation {
  const at = `2026-11-21T10:00:0${name.charCodeAt(0) - 97}.000000Z`;
  return {
    id: `conv-${name}`,
    agent_id: 'agent-1',
    title: name,
    is_default: false,
    message_count: 10,
    last_message_at: at,
    archived_at: null,
    parent_id: parent === null ? null : `conv-${parent}`,
    fork_seq,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}

const ways = (conversations: readonly Conversation[], name: string): unknown[] =>
  partingsOf(conversations, `conv-${name}`).map(({ after_seq, ways: ids, taken }) => [
    after_seq,
    ids.map((id) => id.slice(5)).join(''),
    taken,
  ]);

describe('where talks part', () => {
  // b and c leave a after 4, d leaves a after 8, e leaves b after 6, f leaves e after 9.
  const all = [
    talk('a'),
    talk('b', 'a', 4),
    talk('c', 'a', 4),
    talk('d', 'a', 8),
    talk('e', 'b', 6),
    talk('f', 'e', 9),
  ];

  test('each talk has the places along it, with all ways from there, the first one first', () => {
    expect(ways(all, 'a')).toEqual([
      [4, 'abc', 0],
      [8, 'ad', 0],
    ]);
    expect(ways(all, 'c')).toEqual([[4, 'abc', 2]]);
    expect(ways(all, 'd')).toEqual([
      [4, 'abc', 0],
      [8, 'ad', 1],
    ]);
    expect(ways(all, 'f')).toEqual([
      [4, 'abc', 1],
      [6, 'be', 1],
      [9, 'ef', 1],
    ]);
  });

  test('branches that begin with the first message left the talk they are compared with, however they were made', () => {
    const first = [talk('a'), talk('b', 'a', 0), talk('c', 'b', 0)];
    for (const [place, name] of ['a', 'b', 'c'].entries()) {
      expect(ways(first, name)).toEqual([[0, 'abc', place]]);
    }
    expect(originOf(first, talk('c', 'b', 0))).toEqual({ parent_id: 'conv-a', after_seq: 0 });
  });

  test('a talk in the trash is no way to go, and its branches still part from each other', () => {
    expect(ways(all.slice(1), 'c')).toEqual([[4, 'bc', 1]]);
    expect(
      ways(
        all.filter(({ title }) => title !== 'b'),
        'e',
      ),
    ).toEqual([[9, 'ef', 0]]);
    expect(ways([talk('a')], 'a')).toEqual([]);
  });

  test('what a talk begins with is known to be part of it', () => {
    expect(['a', 'b', 'c', 'e'].map((name) => beginsIn(all, 'conv-f', `conv-${name}`))).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(branchesOf(all, 'conv-a').map(({ title }) => title)).toEqual(['b', 'c', 'd']);
  });
});

test('the list has branches under what they left, and a talk as high as the newest words in it or below it', () => {
  const all = [talk('a'), talk('b'), talk('c', 'a', 2), talk('d', 'c', 4), talk('e', 'x', 1)];
  const rows = inListOrder(all).map(({ conversation, depth, newest_at }) => [
    conversation.title,
    depth,
    newest_at.slice(18, 19),
  ]);
  expect(rows).toEqual([
    ['e', 0, '4'],
    ['a', 0, '3'],
    ['c', 1, '3'],
    ['d', 2, '3'],
    ['b', 0, '1'],
  ]);
});
