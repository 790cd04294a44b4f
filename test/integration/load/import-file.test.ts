import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BadInputError } from '../../../services/bad-input.js';
import { importFile, type ImportCursor, type ImportRequest } from '../../../services/import-file.js';
import { StoreError } from '../../../store/errors.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { addRun, countOf, digestOf } from './fixtures.js';

const now = new Date('2026-06-01T00:00:00Z');
const header = 'platform,external_id,metric,value,recorded_at';

/** Hourly views and likes of ten videos. */
function hourlyLines(snapshots: number): string[] {
  return Array.from({ length: snapshots }, (_, index) => {
    const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 10) * 3_600_000).toISOString();
    return ['views', 'likes'].map((metric) => `youtube,v${index % 10},${metric},${index * 3},${at}`);
  }).flat();
}

describe('importing files', () => {
  let database: TestDatabase;
  let folder: string;
  let request: Omit<ImportRequest, 'path'>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-'));
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    request = {
      format: 'long-csv',
      run: { id: await addRun(database.pool, 'import'), now },
      accountId: null,
      chunkRows: 500,
    };
  });
  afterEach(() => database.drop());
  afterAll(() => rm(folder, { recursive: true }));

  const put = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  it('takes good rows and sets poisonous ones aside, with line, field and reason', async () => {
    const path = await put(
      'poison.csv',
      Buffer.concat([
        Buffer.from(`\uFEFF${header}\r\n`),
        Buffer.from('youtube,ok,views,5,2026-01-05T17:00:00Z\r\n'),
        Buffer.from('youtube,ok,likes,nan,2026-01-05T17:00:00Z\r\n'),
        Buffer.from('myspace,ok,views,5,2026-01-05T17:00:00Z\r\n'),
        Buffer.from('youtube,,views,5,2026-01-05T17:00:00Z\r\n'),
        Buffer.from('youtube,nul\0,views,5,2026-01-05T17:00:00Z\r\n'),
        Buffer.from([0x79, 0x6f, 0x75, 0x74, 0x75, 0x62, 0x65, 0x2c, 0xff, 0xfe]),
        Buffer.from(',views,5,2026-01-05T17:00:00Z\r\n'),
        Buffer.from('youtube,ok,views,5,2026-02-30T17:00:00Z\r\n'),
        Buffer.from('youtube,ok,views,-1,2026-01-05T18:00:00Z\r\n'),
        Buffer.from('youtube,ok,views,5\r\n'),
        Buffer.from('youtube,"open,views,5,2026-01-05T17:00:00Z\r\n'),
        Buffer.from('\r\n'),
        Buffer.from(`youtube,${'x'.repeat(70_000)},views,5,2026-01-05T17:00:00Z\r\n`),
        Buffer.from('X,"שלום, 🎵","views",5,2026-01-06 00:30:00+07\r\n'),
      ]),
    );
    const result = await importFile(database.pool, { ...request, path });
    expect(result).toMatchObject({ files: 1, rows: 12, counts: { inserted: 2, quarantined: 10 } });
    const { rows } = await database.pool.query(
      'select line, field, reason from quarantined_rows where origin = $1 order by line',
      [path],
    );
    expect(rows).toEqual([
      { line: 3, field: 'value', reason: 'is not a number' },
      { line: 4, field: 'platform', reason: 'is no platform that is known' },
      { line: 5, field: 'external_id', reason: 'is empty' },
      { line: 6, field: 'external_id', reason: 'holds a control character' },
      { line: 7, field: 'external_id', reason: 'is not UTF-8' },
      { line: 8, field: 'recorded_at', reason: 'is not an ISO 8601 instant' },
      { line: 9, field: 'value', reason: 'is negative' },
      { line: 10, field: null, reason: '4 fields where the header has 5' },
      { line: 11, field: null, reason: 'a quote is not closed on its line' },
      { line: 13, field: 'external_id', reason: 'is longer than 500 characters' },
    ]);
    const stored = await database.pool.query(
      `select c.content_key, s.recorded_at, s.views from engagement_snapshots s
       join contents c on c.id = s.content_id order by 2`,
    );
    expect(stored.rows).toEqual([
      { content_key: 'youtube:ok', recorded_at: new Date('2026-01-05T17:00:00Z'), views: 5 },
      { content_key: 'twitter:שלום, 🎵', recorded_at: new Date('2026-01-05T17:30:00Z'), views: 5 },
    ]);
    const digest = await digestOf(database.pool);
    expect((await importFile(database.pool, { ...request, path })).counts).toMatchObject({
      inserted: 0,
      unchanged: 2,
      quarantined: 10,
    });
    expect(await countOf(database.pool, 'quarantined_rows')).toBe(10);
    expect(await digestOf(database.pool)).toBe(digest);
  });

  it('reads UTF-16 and columns in any order', async () => {
    const lines = [
      'recorded_at,note,value,metric,external_id,platform',
      '2026-01-05T17:00Z,é,7,views,ü,YouTube',
    ];
    const path = await put('utf16.csv', Buffer.from(`\uFEFF${lines.join('\r\n')}`, 'utf16le'));
    expect((await importFile(database.pool, { ...request, path })).counts).toMatchObject({ inserted: 1 });
    expect(await countOf(database.pool, 'contents', `content_key = 'youtube:ü'`)).toBe(1);
  });

  it.each([
    ['an empty file', ''],
    ['a page of HTML', '<!doctype html><html><body>Sign in</body></html>'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 10])],
    ['another table', 'Content,Video title,Views\nabc,Title,5\n'],
    ['a header with a column twice', `${header},value\nyoutube,a,views,5,2026-01-05,5\n`],
  ])('refuses %s and changes nothing', async (_, content) => {
    const path = await put('refused.csv', content);
    const failure = await importFile(database.pool, { ...request, path }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadInputError);
    expect((failure as Error).message).toMatch(
      /refused\.csv, line 1: .+ Expected a CSV with the columns platform, /,
    );
    expect(await countOf(database.pool, 'contents')).toBe(0);
    expect(await countOf(database.pool, 'quarantined_rows')).toBe(0);
  });

  it('refuses a file that is missing, an empty folder and a name without a day', async () => {
    const attempt = (path: string, format: ImportRequest['format']) =>
      importFile(database.pool, { ...request, path, format });
    await expect(attempt(join(folder, 'none.csv'), 'long-csv')).rejects.toThrow(/ENOENT/);
    const empty = await mkdtemp(join(folder, 'empty-'));
    await expect(attempt(empty, 'daily-streams')).rejects.toThrow(/holds no \.csv file/);
    const named = await put('STREAMS_2026_02_30.csv', 'TRACK_ID,TOTAL_STREAM,DAILY_STREAM\n');
    await expect(attempt(named, 'daily-streams')).rejects.toThrow(/tells no day/);
  });

  it('goes on where it was broken off, with the same outcome', async () => {
    const lines = [header, ...hourlyLines(3_000)];
    lines.splice(2_000, 0, 'youtube,v1,views,broken,2026-01-05');
    const path = await put('resumed.csv', lines.join('\n'));
    const whole = await createTestDatabase();
    const expected = await importFile(whole.pool, {
      ...request,
      path,
      run: { id: await addRun(whole.pool, 'whole'), now },
      chunkRows: 20_000,
    });
    const abort = new AbortController();
    let cursor: ImportCursor | undefined;
    let commits = 0;
    await expect(
      importFile(database.pool, {
        ...request,
        path,
        signal: abort.signal,
        onProgress: (at) => {
          cursor = at;
          if (++commits === 3) abort.abort();
        },
      }),
    ).rejects.toThrow(/abort/i);
    expect(cursor).toMatchObject({ files: 0, rows: 3_001 });
    const resumed = await importFile(database.pool, { ...request, path, resumeFrom: cursor });
    expect(resumed).toMatchObject({ rows: expected.rows, counts: expected.counts });
    expect(await digestOf(database.pool)).toBe(await digestOf(whole.pool));
    expect(await countOf(database.pool, 'quarantined_rows', 'line = 2001')).toBe(1);
    await whole.drop();
  });

  it('leaves whole chunks alone when the server ends its session', async () => {
    const path = await put('killed.csv', [header, ...hourlyLines(40_000)].join('\n'));
    let committed = 0;
    const loading = importFile(database.pool, {
      ...request,
      path,
      chunkRows: 10_000,
      onProgress: ({ rows }) => {
        committed = rows / 2;
      },
    }).catch((error: unknown) => error);
    // One after another, as fast as they show: in the middle of a COPY or of the statements that follow it.
    await eventually(async () => {
      const { rows } = await database.pool.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()
           and (query like 'copy snapshot_stage%' or query like '%insert into engagement_snapshots%')
           and state = 'active'`,
      );
      if (rows.length === 0) throw new Error('No load is under way yet');
    });
    const failure = await loading;
    expect(failure).toBeInstanceOf(StoreError);
    expect((failure as StoreError).retryable).toBe(true);
    expect(await countOf(database.pool, 'engagement_snapshots')).toBe(committed);
    expect(committed).toBeLessThan(40_000);
    const again = await importFile(database.pool, { ...request, path, chunkRows: 10_000 });
    expect(again.counts).toMatchObject({ inserted: 40_000 - committed, unchanged: committed });
  });

  it('reads the origin of what it sets aside from the file itself', async () => {
    const path = await put(
      'STREAMS_2026_01_05.csv',
      'track_id,total_stream,daily_stream\nt1,10.0,2\nt2,5,nan',
    );
    const result = await importFile(database.pool, { ...request, path, format: 'daily-streams' });
    expect(result).toMatchObject({ rows: 2, counts: { inserted: 1, quarantined: 1 } });
    const { rows } = await database.pool.query<{ raw: string }>('select raw from quarantined_rows');
    expect(rows[0]?.raw).toBe((await readFile(path, 'utf8')).split('\n')[2]);
  });
});
