import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitUpload, previewUpload, rejectsCsv } from '../../../services/csv-upload.js';
import { dismissQuarantined, replayQuarantined } from '../../../services/replay-quarantine.js';
import { upsertAccount } from '../../../store/accounts.js';
import { countQuarantined, listQuarantined } from '../../../store/quarantine.js';
import { getRun, listRuns } from '../../../store/runs.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let directory: string;
const clock = { now: () => new Date('2026-03-10T12:00:00Z') };
beforeAll(async () => {
  [database, directory] = await Promise.all([
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'tidemark-upload-')),
  ]);
  await upsertAccount(database.pool, { platform: 'youtube', name: 'main' });
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const lines = [
  // Columns in an order of their own, one of them nobody's.
  'value,metric,note,platform,external_id,recorded_at',
  '100,views,,youtube,one,2026-03-01T12:00:00Z',
  'many,views,"a, b",youtube,one,2026-03-02T12:00:00Z',
  '7,likes,,youtube,one,2026-03-01T12:00:00Z',
  '5,views,,myspace,one,2026-03-02T12:00:00Z',
  '5,views,youtube',
];
const fileOf = async (name: string, text: string): Promise<{ path: string; format: 'long-csv' }> => {
  const path = join(directory, name);
  await writeFile(path, text);
  return { path, format: 'long-csv' };
};
const digest = async (): Promise<unknown> =>
  (await database.pool.query('select tidemark_digest() as digest')).rows;
const viewsOf = async (externalId: string): Promise<unknown[]> =>
  (
    await database.pool.query<{ views: number }>(
      `select s.views from engagement_snapshots s join contents c on c.id = s.content_id
       where c.external_id = $1 and s.views is not null order by s.recorded_at`,
      [externalId],
    )
  ).rows.map(({ views }) => views);
const textOf = async (parts: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const part of parts) text += part;
  return text;
};

describe('an uploaded CSV', () => {
  it('is looked through without being loaded: good rows, bad rows by line, field and reason', async () => {
    const before = await digest();
    const file = await fileOf('march.csv', `${lines.join('\r\n')}\r\n`);
    const preview = await previewUpload(file);
    expect(preview).toMatchObject({ name: 'march.csv', rows: 5, good: 2, bad: 3 });
    expect(preview.good_rows).toEqual([
      {
        platform: 'youtube',
        external_id: 'one',
        metric: 'views',
        value: 100,
        recorded_at: '2026-03-01T12:00:00.000Z',
      },
      {
        platform: 'youtube',
        external_id: 'one',
        metric: 'likes',
        value: 7,
        recorded_at: '2026-03-01T12:00:00.000Z',
      },
    ]);
    expect(preview.bad_rows.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [3, 'value', 'is not a number'],
      [5, 'platform', 'is no platform that is known'],
      [6, null, '3 fields where the header has 6'],
    ]);
    expect(await previewUpload(file, 1)).toMatchObject({ good: 2, bad: 3, bad_rows: [{ line: 3 }] });
    expect(await digest()).toEqual(before);
    expect(await countQuarantined(database.pool)).toEqual({ open: 0, replayed: 0, dismissed: 0 });
  });

  it('gives its rejects in its own columns, ready to be mended and uploaded again', async () => {
    const rejects = await textOf(rejectsCsv(await fileOf('march.csv', lines.join('\n'))));
    expect(rejects.split('\r\n')).toEqual([
      'value,metric,note,platform,external_id,recorded_at,reject_line,reject_field,reject_reason',
      'many,views,"a, b",youtube,one,2026-03-02T12:00:00Z,3,value,is not a number',
      '5,views,,myspace,one,2026-03-02T12:00:00Z,5,platform,is no platform that is known',
      '"5,views,youtube",,,,,,6,,3 fields where the header has 6',
      '',
    ]);
    const mended = await previewUpload(await fileOf('mended.csv', rejects.replace('many', '140')));
    expect(mended).toMatchObject({ rows: 3, good: 1, bad: 2 });
    expect(await textOf(rejectsCsv(await fileOf('good.csv', lines.slice(0, 2).join('\n'))))).toBe('');
  });

  it('is loaded as a run of the ledger, and again without changing or quarantining anything twice', async () => {
    const file = await fileOf('march.csv', lines.join('\n'));
    const committed = await commitUpload({ pool: database.pool, clock }, file, { account: 'youtube/main' });
    expect(committed).toMatchObject({ rows: 5, counts: { inserted: 1, quarantined: 3 } });
    const run = await getRun(database.pool, committed.run_id);
    expect(run).toMatchObject({ kind: 'import', state: 'partial', account: 'main', counts: { inserted: 1 } });
    const before = await digest();
    const again = await commitUpload({ pool: database.pool, clock }, file);
    expect(again.counts).toMatchObject({ inserted: 0, updated: 0 });
    expect(await digest()).toEqual(before);
    expect((await countQuarantined(database.pool)).open).toBe(3);
  });

  it('that is no such file is refused in words, and nothing of it is loaded', async () => {
    const before = await digest();
    const file = await fileOf('odd.csv', 'a,b\n1,2\n');
    await expect(previewUpload(file)).rejects.toThrow(/odd\.csv, line 1: .*Expected a CSV with the columns/);
    await expect(commitUpload({ pool: database.pool, clock }, file)).rejects.toThrow(/line 1/);
    expect(await digest()).toEqual(before);
    expect((await listRuns(database.pool, { limit: 1 }))[0]).toMatchObject({
      state: 'failed',
      failureKind: 'badInput',
    });
    await expect(previewUpload({ ...file, path: join(directory, 'none.csv') })).rejects.toThrow(/no file/);
  });
});

describe('a quarantined row', () => {
  const rows = async () => listQuarantined(database.pool, {});
  const replay = async (
    id: string,
    set: Record<string, string>,
    dryRun = false,
  ): ReturnType<typeof replayQuarantined> =>
    replayQuarantined({ pool: database.pool, clock }, { id, set, by: 'ann' }, { dryRun });

  it('that is mended is read again and loaded, once', async () => {
    const [bad] = await rows();
    expect(bad).toMatchObject({ state: 'open', header: lines[0], raw: lines[2] });
    const before = await digest();
    expect(await replay(bad!.id, { value: 'lots' })).toMatchObject({
      state: 'open',
      refused: { field: 'value', reason: 'is not a number' },
      run_id: null,
    });
    expect(await replay(bad!.id, { Value: '150' }, true)).toMatchObject({ refused: null, run_id: null });
    expect(await digest()).toEqual(before);
    expect(await viewsOf('one')).toEqual([100]);

    const mended = '150,views,"a, b",youtube,one,2026-03-02T12:00:00Z';
    const replayed = await replay(bad!.id, { Value: '150' });
    expect(replayed).toMatchObject({ state: 'replayed', mended, refused: null, counts: { inserted: 1 } });
    expect(await viewsOf('one')).toEqual([100, 150]);
    expect(await getRun(database.pool, replayed.run_id!)).toMatchObject({
      state: 'succeeded',
      workflowId: `replay/${bad!.id}`,
    });
    const after = await digest();
    expect(await replay(bad!.id, { value: '999' })).toMatchObject({
      state: 'replayed',
      mended,
      run_id: null,
    });
    expect(await digest()).toEqual(after);
    expect((await listQuarantined(database.pool, { state: 'replayed' }))[0]).toMatchObject({
      mended,
      resolvedBy: 'ann',
    });
  });

  it('that cannot be taken apart asks for every field, and names the fields that there are', async () => {
    const broken = (await rows()).find(({ line }) => line === 6)!;
    await expect(replay(broken.id, { value: '5' })).rejects.toThrow(
      /set every field, metric, note, platform/,
    );
    await expect(replay(broken.id, { views: '5' })).rejects.toThrow(/no field “views”; its fields are value/);
    const set = {
      ...{ value: '5', metric: 'views', note: '', platform: 'youtube', external_id: 'two' },
      recorded_at: '2026-03-02T12:00:00Z',
    };
    expect(await replay(broken.id, set)).toMatchObject({ state: 'replayed', counts: { inserted: 1 } });
    expect(await viewsOf('two')).toEqual([5]);
    await expect(replay('999999', {})).rejects.toMatchObject({ code: 'notFound' });
  });

  it('that is dismissed is kept, and is not replayed any more', async () => {
    const left = (await rows()).find(({ line }) => line === 5)!;
    const deps = { db: database.pool, clock };
    expect(await dismissQuarantined(deps, { id: left.id, by: 'ann', note: 'gone' })).toBe(true);
    expect(await dismissQuarantined(deps, { id: left.id, by: 'bob' })).toBe(false);
    await expect(replay(left.id, { platform: 'youtube' })).rejects.toMatchObject({ code: 'conflict' });
    const [first] = await listQuarantined(database.pool, { state: 'replayed' });
    await expect(dismissQuarantined(deps, { id: first!.id, by: 'ann' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await countQuarantined(database.pool)).toEqual({ open: 0, replayed: 2, dismissed: 1 });
  });

  it('of a daily file is read again for the day of its name', async () => {
    const path = join(directory, 'STREAMS_2026_03_04.csv');
    await writeFile(path, 'TRACK_ID,TOTAL_STREAM,DAILY_STREAM\nt1,100,10\nt2,nan,5\n');
    await commitUpload({ pool: database.pool, clock }, { path, format: 'daily-streams' });
    const [bad] = await listQuarantined(database.pool, { state: 'open' });
    expect(bad).toMatchObject({ field: 'TOTAL_STREAM' });
    expect(await replay(bad!.id, { TOTAL_STREAM: '55' })).toMatchObject({ counts: { inserted: 1 } });
    const { rows: days } = await database.pool.query(
      `select h.day::text, h.streams, h.streams_close from content_performance_history h
       join contents c on c.id = h.content_id where c.external_id = 't2'`,
    );
    expect(days).toEqual([{ day: '2026-03-04', streams: 5, streams_close: 55 }]);
  });
});
