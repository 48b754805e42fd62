import { expect, test } from 'vitest';
import { addPassage } from '../../electron/memory/archival.ts';
import { searchArchive } from '../../electron/memory/archive-search.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { formatInZone, normalizeTime, parsePeriod, timezoneNote } from '../../electron/memory/dates.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

test.each([
  ['2024-01-15T10:30:00Z', '2024-01-15T10:30:00.000000Z'],
  ['2024-01-15T10:30:00.123456Z', '2024-01-15T10:30:00.123456Z'],
  ['2024-01-15T10:30:00.5+02:00', '2024-01-15T08:30:00.500000Z'],
  ['2024-01-15 10:30', '2024-01-15T15:30:00.000000Z'],
  ['2024-01-15', '2024-01-15T05:00:00.000000Z'],
  ['9999-12-31T23:00:00-05:00', '9999-12-31T23:59:59.999000Z'],
])('%s becomes UTC text of fixed width', (text, expected) => {
  expect(normalizeTime(text, 'America/New_York')).toBe(expected);
});

test.each(['garbage', '', '2024-02-30', '2024-01-15T25:00:00Z', '2024-01-15T10:00:00+99:00', '0050-01-01'])(
  '"%s" is no time',
  (text) => {
    expect(() => normalizeTime(text, 'UTC')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  },
);

test('the last day there is has an end', () => {
  expect(parsePeriod('9999-12-31', '9999-12-31', 'UTC').before).toBe('9999-12-31T23:59:59.999000Z');
});

test('an unknown time zone is UTC, and that is said', () => {
  const day = '2026-01-20';
  expect(parsePeriod(day, day, 'Mars/Phobos')).toEqual(parsePeriod(day, day, 'UTC'));
  expect(formatInZone('2026-01-20T14:30:00.000000Z', 'Mars/Phobos')).toBe('2026-01-20T14:30:00+00:00');
  expect(timezoneNote('Mars/Phobos')).toBe(
    'The time zone "Mars/Phobos" is not known here, so dates and times are in UTC.',
  );
  expect(timezoneNote('Europe/Lisbon')).toBeNull();
});

test('what is stored and is no time is shown as it is', () => {
  expect(formatInZone('garbage', 'Europe/Lisbon')).toBe('garbage');
});

test('an entry keeps its time in one form, so that a search by day finds it', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database, { timezone: 'America/New_York' });
  const context = { cause: directCause('user'), clock: steppingClock() };
  const add = (created_at: string) =>
    database.transaction((tx) => addPassage(tx, { agent_id, text: 'tulips', created_at }, context));
  expect((await add('2024-03-05')).passage.created_at).toBe('2024-03-05T05:00:00.000000Z');
  await add('2024-03-06T01:00:00+01:00');
  await expect(add('2024-02-30')).rejects.toMatchObject({ code: 'invalid_input' });
  const day = { start_datetime: '2024-03-05', end_datetime: '2024-03-05' };
  const query = { agent_id, query: 'tulips', limit: 10 };
  const found = await searchArchive(database.read, { ...query, ...day, timezone: 'America/New_York' });
  expect(found.total).toBe(2);
  const none = await searchArchive(database.read, {
    ...query,
    start_datetime: '2025-01-01',
    timezone: 'Mars/Phobos',
  });
  expect(none.why_empty).toContain('The time zone "Mars/Phobos" is not known here');
});
