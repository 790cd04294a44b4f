import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SnapshotBatch } from '../../../contracts/records.js';
import { importFile } from '../../../services/import-file.js';
import { loadSnapshots } from '../../../store/load/load-snapshots.js';
import type { LoadOptions } from '../../../store/load/options.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { describeRecorded } from '../../support/recorded-data.js';
import { addAccount, addRun, answer, countOf, digestOf } from './fixtures.js';

const now = new Date('2026-08-24T00:00:00Z');
const dayMs = 86_400_000;

interface Streams {
  total: number;
  added: number;
}

/** The files read in the plainest way there is: lines and commas. Track → day → what the line says. */
function readStreams(folder: string): {
  tracks: Map<string, Map<string, Streams>>;
  rows: number;
  nan: number;
} {
  const tracks = new Map<string, Map<string, Streams>>();
  let rows = 0;
  let nan = 0;
  for (const name of readdirSync(folder).sort()) {
    const day = name.slice(8, 18).replaceAll('_', '-');
    const [, ...lines] = readFileSync(join(folder, name), 'utf8').split(/\r?\n/);
    for (const line of lines.filter((text) => text !== '')) {
      rows++;
      const [track = '', total, added] = line.split(',');
      if (added === 'nan') {
        nan++;
        continue;
      }
      const days = tracks.get(track) ?? new Map<string, Streams>();
      tracks.set(track, days.set(day, { total: Number(total), added: Number(added) }));
    }
  }
  return { tracks, rows, nan };
}

describeRecorded('the recorded Spotify streams', (sharedData) => {
  const folder = join(sharedData, 'spotify/daily-streams/DailyStream');
  let database: TestDatabase;
  let accountId: number;
  let run: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    accountId = await addAccount(database.pool, 'spotify', 'recorded', {});
    run = await addRun(database.pool, 'import');
  });
  afterAll(() => database.drop());

  const load = () =>
    importFile(database.pool, { path: folder, format: 'daily-streams', run: { id: run, now }, accountId });

  it('stands in the tables as an independent reading of the files has it', async () => {
    const result = await load();
    const { tracks, rows, nan } = readStreams(folder);
    expect(result).toMatchObject({ files: 620, rows: 310_007 });
    expect(result.counts).toEqual({
      inserted: rows - nan,
      updated: 0,
      unchanged: 0,
      stale: 0,
      quarantined: 1533,
    });
    expect(result.counts.inserted + result.counts.quarantined).toBe(310_007);
    const expected: string[] = [];
    const corrections = new Set<string>();
    let stale = 0;
    for (const [track, days] of [...tracks].sort(([a], [b]) => (a < b ? -1 : 1))) {
      let before = { day: '', total: Number.NaN };
      for (const [day, { total, added }] of days) {
        const repeats = before.total === total && added > 0;
        if (repeats) stale++;
        if (added < 0) corrections.add(`${track} ${day} ${total - added} ${total}`);
        const yesterday = new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10);
        if (before.day === yesterday && total < before.total) {
          corrections.add(`${track} ${day} ${before.total} ${total}`);
        }
        expected.push(`${track} ${day} ${added < 0 ? 'null' : added} ${total} ${!repeats}`);
        before = { day, total };
      }
    }
    const stored = await database.pool.query<{ line: string }>(
      `select concat_ws(' ', c.external_id, h.day, coalesce(h.streams::text, 'null'), h.streams_close, h.final::text) as line
       from content_performance_history h join contents c on c.id = h.content_id
       where h.basis = 3 order by c.external_id collate "C", h.day`,
    );
    expect(stored.rows.map(({ line }) => line)).toEqual(expected);
    expect(stale).toBeGreaterThan(10_500);
    const revisions = await database.pool.query<{ line: string }>(
      `select concat_ws(' ', c.external_id, r.day, r.old_value, r.new_value) as line
       from performance_revisions r join contents c on c.id = r.content_id
       where r.kind = 'correction' and r.metric = 'streams'`,
    );
    expect(new Set(revisions.rows.map(({ line }) => line))).toEqual(corrections);
    expect(await countOf(database.pool, 'performance_revisions')).toBe(corrections.size);
    expect(await countOf(database.pool, 'contents', `account_id = ${accountId}`)).toBe(tracks.size);
    expect(await countOf(database.pool, 'coverage', `state = 'final' and rows > 0`)).toBe(620);
  });

  it('does not change when it is imported again', async () => {
    const digest = await digestOf(database.pool);
    const revisions = await countOf(database.pool, 'performance_revisions');
    expect((await load()).counts).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 308_474,
      stale: 0,
      quarantined: 1533,
    });
    expect(await countOf(database.pool, 'performance_revisions')).toBe(revisions);
    expect(await countOf(database.pool, 'quarantined_rows', `field = 'DAILY_STREAM' and line > 1`)).toBe(
      1533,
    );
    expect(await digestOf(database.pool)).toBe(digest);
  });
});

/** Fields of a line with quotes, character by character. */
function fieldsOf(line: string): string[] {
  const fields = [''];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) fields.push('');
    else fields.push(`${fields.pop() ?? ''}${character}`);
  }
  return fields;
}

function readCounters(file: string): SnapshotBatch[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').split(/\r?\n/);
  const names = fieldsOf(header.replace('\uFEFF', ''));
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const fields = fieldsOf(line);
      const field = (name: string): string => fields[names.indexOf(name)] ?? '';
      const metrics = { views: 'view_count', likes: 'like_count', comments: 'comment_count' };
      const told = Object.entries(metrics).filter(([, column]) => field(column) !== '');
      return answer(new Date(field('run_datetime_utc')).toISOString(), {
        [field('video_id')]:
          told.length === 0
            ? null
            : Object.fromEntries(told.map(([metric, column]) => [metric, Number(field(column))])),
      });
    });
}

describeRecorded('the recorded YouTube counters', (sharedData) => {
  const batches = readCounters(join(sharedData, 'youtube/video-daily/daily_stats.csv'));
  let database: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [database, other] = [await createTestDatabase(), await createTestDatabase()];
  });
  afterAll(async () => {
    await database.drop();
    await other.drop();
  });

  const optionsFor = async ({ pool }: TestDatabase): Promise<LoadOptions> => ({
    source: 'reported',
    run: { id: await addRun(pool, 'collect'), now },
    account: {
      id: await addAccount(pool, 'youtube', 'recorded', { counters: 'Asia/Bangkok' }),
      report: 'counters',
    },
  });
  const bangkokDay = (at: Date): string => new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);

  it('gives each day its close and its increment, and keeps falling counts as corrections', async () => {
    await loadSnapshots(database.pool, 'youtube', batches, await optionsFor(database));
    const closes = new Map<string, { views: number; likes: number; comments: number }>();
    for (const { snapshots } of batches.toSorted((a, b) => a.observedAt.getTime() - b.observedAt.getTime())) {
      for (const { externalId, recordedAt, metrics } of snapshots) {
        closes.set(
          `${externalId} ${bangkokDay(recordedAt)}`,
          metrics as { views: number; likes: number; comments: number },
        );
      }
    }
    const increment = (close: number, open: number | undefined): string =>
      open === undefined || close < open ? 'null' : String(close - open);
    const expected = [...closes].map(([key, close]) => {
      const [video = '', day = ''] = key.split(' ');
      const open = closes.get(`${video} ${new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10)}`);
      return [
        key,
        increment(close.views, open?.views),
        increment(close.likes, open?.likes),
        increment(close.comments, open?.comments),
        close.views,
        close.likes,
        close.comments,
      ].join(' ');
    });
    const { rows } = await database.pool.query<{ line: string }>(
      `select concat_ws(' ', c.external_id, h.day, coalesce(h.views::text, 'null'), coalesce(h.likes::text, 'null'),
         coalesce(h.comments::text, 'null'), h.views_close, h.likes_close, h.comments_close) as line
       from content_performance_history h join contents c on c.id = h.content_id where h.basis = 4 and h.final`,
    );
    expect(rows.map(({ line }) => line).sort()).toEqual(expected.sort());
    const fallen = expected.filter((line) => line.includes(' null')).length;
    expect(fallen).toBeGreaterThan(50);
    expect(
      await countOf(database.pool, 'performance_revisions', `kind = 'correction' and metric = 'likes'`),
    ).toBeGreaterThan(40);
    expect(await countOf(database.pool, 'performance_revisions', `kind <> 'correction'`)).toBe(0);
  });

  it('takes the 74 silent days for one unavailability, and for no zeros', async () => {
    const silent = batches.filter(({ missing }) => missing.includes('q-zxP3GqkQ4'));
    const last = silent.at(-1)!.observedAt;
    const back = batches.find(
      ({ snapshots, observedAt }) => snapshots[0]?.externalId === 'q-zxP3GqkQ4' && observedAt > last,
    )!.observedAt;
    const { rows } = await database.pool.query(
      `select c.external_id, a.state, a.from_at, a.to_at, a.confirmations
       from content_availability a join contents c on c.id = a.content_id`,
    );
    expect(rows).toEqual([
      {
        external_id: 'q-zxP3GqkQ4',
        state: 'unavailable',
        from_at: silent[0]!.observedAt,
        to_at: back,
        confirmations: 74,
      },
    ]);
    expect(await countOf(database.pool, 'content_performance_history', 'views_close = 0')).toBe(0);
    expect(await countOf(database.pool, 'engagement_snapshots', 'views is null or views = 0')).toBe(0);
  });

  it('comes out the same collected a day at a time', async () => {
    const options = await optionsFor(other);
    const days = new Map<string, SnapshotBatch[]>();
    for (const batch of batches) {
      const day = bangkokDay(batch.observedAt);
      days.set(day, [...(days.get(day) ?? []), batch]);
    }
    for (const day of days.values()) await loadSnapshots(other.pool, 'youtube', day, options);
    expect(await digestOf(other.pool)).toBe(await digestOf(database.pool));
  });
});
