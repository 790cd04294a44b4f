import { mkdtemp, open, readdir, readFile, rm, symlink, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExportRequest } from '../../../contracts/exports.js';
import {
  makeExport,
  openExport,
  removeExpiredExports,
  requestExport,
  type ExportDeps,
} from '../../../services/exports/background-exports.js';
import { streamDataset } from '../../../services/exports/stream-dataset.js';
import { ExportFileError, writeWholeFile } from '../../../services/exports/write-whole-file.js';
import { getExport } from '../../../store/exports.js';
import { createTestDatabase, openPool, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { seedTenant } from '../sql/tenants.js';
import { byHeader, bytesOf, inTurn, parseCsv } from './exported.js';

const day = 86_400_000;
let now = new Date('2026-01-20T12:00:00Z');
let database: TestDatabase;
let directory: string;
let deps: ExportDeps;
let artists: { name: string; artistId: number }[];

beforeAll(async () => {
  database = await createTestDatabase();
  artists = [await seedTenant(database.pool, 'aardvark'), await seedTenant(database.pool, 'badger')];
  // Enough for more than one batch.
  await database.pool.query(
    `insert into contents (content_key, platform) select 'many-' || n, 'tiktok' from generate_series(1, 3000) n`,
  );
  await database.pool.query(
    `insert into content_performance_history (content_id, day, basis, views, final)
     select c.id, '2026-01-10', 2, -c.id, true from contents c where c.platform = 'tiktok'`,
  );
});
afterAll(() => database.drop());
beforeEach(async () => {
  now = new Date('2026-01-20T12:00:00Z');
  directory = await mkdtemp(join(tmpdir(), 'tidemark-exports-'));
  deps = { pool: database.pool, clock: { now: () => now }, directory, linkHours: 24, halfLifeDays: 30 };
  return () => rm(directory, { recursive: true, force: true });
});

const request: ExportRequest = {
  dataset: 'series',
  format: 'csv',
  timeframe: '30d',
  platforms: null,
  contentIds: null,
  includeMetadata: false,
};

const notYet = { exportData: () => Promise.resolve({ ...started, alreadyRunning: false }) };
const started = { workflowId: 'export/series-csv/1', runId: 'r', url: 'http://localhost' };

/** A session of the application that sees one artist. */
async function asArtist<Result>(id: number, work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const options = `-c role=tidemark_app -c tidemark.artists=${id}`;
  const pool = openPool({ connectionString: database.url, options, max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function contentsIn(path: string): Promise<Set<string>> {
  return new Set(byHeader(parseCsv(await readFile(path, 'utf8'))).map((row) => row['content_id']!));
}

describe('an export in the background', () => {
  it('is fetched by its link and by nothing else, until the link expires', async () => {
    const { export_id: id, token, run, ...told } = await requestExport(deps, request, 'ann');
    expect(told).toMatchObject({
      state: 'ready',
      rows: 3002,
      file_name: 'tidemark-series-30d-2026-01-20.csv',
      expires_at: '2026-01-21T12:00:00.000Z',
    });
    expect(run).toBeNull();
    const opened = await openExport(deps, id, token);
    const body = await bytesOf(opened.stream as AsyncIterable<Uint8Array>);
    expect(body).toHaveLength(opened.bytes);
    expect(opened).toMatchObject({ fileName: told.file_name, contentType: 'text/csv; charset=utf-8' });
    expect(parseCsv(body.toString())).toHaveLength(3003);
    expect(JSON.stringify((await database.pool.query('select * from exports')).rows)).not.toContain(token);
    await expect(openExport(deps, id, `${token}x`)).rejects.toMatchObject({ code: 'notFound' });
    await expect(openExport(deps, '999', token)).rejects.toMatchObject({ code: 'notFound' });
    now = new Date(now.getTime() + day);
    await expect(openExport(deps, id, token)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('is not there before it is ready, and says why when it will not come', async () => {
    const { export_id: id, token, state } = await requestExport({ ...deps, starter: notYet }, request, 'ann');
    expect(state).toBe('waiting');
    await expect(openExport(deps, id, token)).rejects.toMatchObject({ code: 'conflict' });
    const away = { exportData: () => Promise.reject(new Error('Temporal is away')) };
    await expect(requestExport({ ...deps, starter: away }, request, 'ann')).rejects.toThrow('away');
    const last = await database.pool.query<{ id: string }>('select max(id)::text as id from exports');
    expect(await getExport(deps.pool, last.rows[0]!.id)).toMatchObject({
      state: 'failed',
      failure: 'Temporal is away',
    });
  });

  it('is made once, and begins anew after an attempt that was killed', async () => {
    const { export_id: id, token } = await requestExport({ ...deps, starter: notYet }, request, 'ann');
    await writeFile(join(directory, `${id}.csv.0-0.partial`), 'half of a');
    const heard: number[] = [];
    const made = await makeExport(deps, id, { runId: '7', onProgress: (rows) => heard.push(rows) });
    expect(made.rows).toBe(3002);
    expect(heard.at(-1)).toBe(3002);
    expect(await readdir(directory)).toEqual([`${id}.csv`]);
    const before = await readFile(join(directory, `${id}.csv`));
    await database.pool.query(`insert into contents (content_key, platform) values ('late-${id}', 'tiktok')`);
    expect(await makeExport(deps, id, { runId: '7' })).toEqual(made);
    expect(await readFile(join(directory, `${id}.csv`))).toEqual(before);
    (await openExport(deps, id, token)).stream.destroy();
    await rm(join(directory, `${id}.csv`));
    await expect(openExport(deps, id, token)).rejects.toThrow('gone');
    expect((await makeExport(deps, id, { runId: '8' })).rows).toBe(3002);
  });

  it('leaves no file when it is cancelled', async () => {
    const { export_id: id } = await requestExport({ ...deps, starter: notYet }, request, 'ann');
    const cancelling = new AbortController();
    const making = makeExport(deps, id, {
      runId: null,
      signal: cancelling.signal,
      onProgress: () => cancelling.abort(new Error('Cancelled by an operator')),
    });
    await expect(making).rejects.toThrow('Cancelled by an operator');
    expect(await readdir(directory)).toEqual([]);
  });

  it('is removed by maintenance once its link has expired, and not before', async () => {
    const { export_id: id } = await requestExport(deps, request, 'ann');
    await database.pool.query(`update exports set expires_at = 'infinity' where id <> $1`, [id]);
    expect(await removeExpiredExports(deps, false)).toBe(0);
    now = new Date(now.getTime() + day);
    expect(await removeExpiredExports(deps, true)).toBe(1);
    expect(await readdir(directory)).toEqual([`${id}.csv`]);
    expect(await removeExpiredExports(deps, false)).toBe(1);
    expect(await readdir(directory)).toEqual([]);
    await expect(getExport(deps.pool, id)).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('whose rows', () => {
  it('go into an export is decided by who asked, whoever makes it', async () => {
    const [one, other] = artists as [(typeof artists)[0], (typeof artists)[0]];
    const { export_id: id } = await asArtist(one.artistId, (pool) =>
      requestExport({ ...deps, pool, starter: notYet }, request, 'ann'),
    );
    // The worker's session sees everything.
    await makeExport(deps, id, { runId: null });
    expect(await contentsIn(join(directory, `${id}.csv`))).toEqual(new Set([`youtube:${one.name}`]));
    await asArtist(other.artistId, (pool) =>
      expect(getExport(pool, id)).rejects.toMatchObject({ code: 'notFound' }),
    );
    const { export_id: all } = await requestExport(deps, request, 'ann');
    expect((await contentsIn(join(directory, `${all}.csv`))).has(`youtube:${other.name}`)).toBe(true);
  });

  it('is nobody’s for a session that sees no artist', async () => {
    const pool = openPool({ connectionString: database.url, options: '-c role=tidemark_app', max: 1 });
    await expect(requestExport({ ...deps, pool }, request, 'ann')).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(await readdir(directory)).toEqual([]);
    await pool.end();
  });
});

describe('a reader that leaves', () => {
  const held = async (how = `state <> 'idle'`): Promise<number> => {
    const { rows } = await database.pool.query<{ count: number }>(
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and application_name = 'leaver' and ${how}`,
    );
    return rows[0]!.count;
  };
  const connect = (): pg.Pool => {
    const pool = openPool({ connectionString: database.url, application_name: 'leaver', max: 1 });
    pool.on('error', () => undefined);
    return pool;
  };

  it.each(['csv', 'json', 'xlsx'] as const)('frees cursor and connection at once: %s', async (format) => {
    const pool = connect();
    const stream = await streamDataset(pool, { ...request, format }, { now });
    for await (const chunk of stream) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      // The control: while somebody reads, the cursor is open.
      expect(await held()).toBe(1);
      break;
    }
    await eventually(async () => (await held()) === 0);
    // The only connection of the pool serves again.
    expect((await pool.query('select 1')).rowCount).toBe(1);
    await pool.end();
  });

  it('frees them when the answer it was written to is destroyed', async () => {
    const pool = connect();
    const body = Readable.from(await streamDataset(pool, request, { now }));
    await body[Symbol.asyncIterator]().next();
    body.destroy();
    await eventually(async () => (await held()) === 0);
    await pool.query('select 1');
    await pool.end();
  });

  it('frees them in the middle of a statement, and the server stops working on it', async () => {
    const pool = connect();
    const blocker = await database.pool.connect();
    await blocker.query('begin; lock table releases in access exclusive mode');
    const stream = await streamDataset(pool, request, { now });
    const reader = stream[Symbol.asyncIterator]();
    expect(String((await reader.next()).value)).toMatch(/^content_id/);
    const reading = expect(reader.next()).rejects.toThrow('The reader of the export left');
    await eventually(async () => (await held(`wait_event_type = 'Lock'`)) === 1);
    await reader.return!();
    await reading;
    // Before the lock is given back: the statement did not wait for it.
    await eventually(async () => (await held()) === 0);
    await blocker.query('rollback');
    blocker.release();
    expect((await pool.query('select 1')).rowCount).toBe(1);
    await pool.end();
  });
});

describe('a file', () => {
  const chunks = (): AsyncIterable<Uint8Array> => inTurn(Buffer.from('a'.repeat(100_000)), Buffer.from('b'));
  const target = (): string => join(directory, 'out.csv');

  it('is there whole or not at all', async () => {
    const seen: string[][] = [];
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks()) {
        yield chunk;
        seen.push(await readdir(directory));
      }
    };
    expect(await writeWholeFile(target(), watched())).toBe(100_001);
    expect(seen.flat()).not.toContain('out.csv');
    expect(await readdir(directory)).toEqual(['out.csv']);
  });

  it('that does not fit on the disk is loud, and nothing of it stays', async () => {
    await writeFile(target(), 'the former one');
    const full = async (path: string): Promise<FileHandle> => {
      await symlink('/dev/full', path);
      return open(path, 'w');
    };
    const failure = await writeWholeFile(target(), chunks(), full).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExportFileError);
    expect(failure).toMatchObject({ message: expect.stringContaining('the disk is full') as string });
    expect((failure as ExportFileError).cause).toMatchObject({ code: 'ENOSPC' });
    expect(await readdir(directory)).toEqual(['out.csv']);
    expect(await readFile(target(), 'utf8')).toBe('the former one');
    const nowhere = writeWholeFile(join(target(), 'no', 'directory.csv'), chunks());
    await expect(nowhere).rejects.toThrow('a part of its path is no directory');
    // Converges once there is room.
    await writeWholeFile(target(), chunks());
    expect(await readFile(target(), 'utf8')).toHaveLength(100_001);
  });
});
