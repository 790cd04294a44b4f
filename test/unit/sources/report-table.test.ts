import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../../sources/errors.js';
import { readReport } from '../../../sources/youtube/report-table.js';
import { resultTable } from '../../../sources/youtube/schemas.js';

const sourceVersion = new Date('2026-01-10T12:00:00Z');
const reading = { videoId: null, sourceVersion, isFinal: (day: string) => day < '2026-01-07' };

function table(names: string[], rows?: (string | number | null)[][]) {
  return resultTable.parse({
    kind: 'youtubeAnalytics#resultTable',
    columnHeaders: names.map((name) => ({ name, columnType: 'x', dataType: 'y' })),
    ...(rows === undefined ? {} : { rows }),
  });
}

describe('readReport', () => {
  it('reads by the header, whatever the order, under our names', () => {
    const names = ['estimatedMinutesWatched', 'video', 'likes', 'day', 'averageViewPercentage', 'cardClicks'];
    const rows = [[12.5, 'v1', -3, '2026-01-06', 130.25, 9]];
    expect(readReport(table(names, rows), reading, 'ask')).toEqual([
      {
        platform: 'youtube',
        externalId: 'v1',
        day: '2026-01-06',
        increments: { watch_time: 12.5, likes: -3, average_view_percentage: 130.25 },
        closes: {},
        sourceVersion,
        final: true,
      },
    ]);
  });

  it('takes a null cell for not told, numbers as text for numbers, and no rows for none', () => {
    const rows = [['2026-01-08', 'v1', null, '17']];
    const [day] = readReport(table(['day', 'video', 'views', 'likes'], rows), reading, 'ask');
    expect(day).toMatchObject({ increments: { likes: 17 }, final: false });
    expect(day?.increments).not.toHaveProperty('views');
    expect(readReport(table(['day', 'video', 'views']), reading, 'ask')).toEqual([]);
  });

  it('speaks of the video asked for where the table has no such column', () => {
    const one = { ...reading, videoId: 'v9' };
    expect(readReport(table(['day', 'views'], [['2026-01-08', 1]]), one, 'ask')[0]?.externalId).toBe('v9');
    expect(() => readReport(table(['day', 'views'], []), reading, 'ask')).toThrow(MalformedError);
  });

  it.each([
    [['video', 'views'], [['v1', 1]]],
    [['day', 'video', 'views'], [['20260108', 'v1', 1]]],
    [['day', 'video', 'views'], [['2026-01-08', 5, 1]]],
    [['day', 'video', 'views'], [['2026-01-08', 'v1', 'many']]],
  ])('takes columns %j with %j for malformed', (names, rows) => {
    expect(() => readReport(table(names, rows), reading, 'ask')).toThrow(MalformedError);
  });

  it('takes a row shorter than the header for malformed', () => {
    expect(() => table(['day', 'video', 'views'], [['2026-01-08', 'v1']])).toThrow(/rows/);
  });
});
