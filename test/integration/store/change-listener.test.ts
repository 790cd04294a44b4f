import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PerformanceAnalyticsManager } from '../../../services/index.js';
import { listenForChanges, type ChangeListener } from '../../../store/change-listener.js';
import { beginRun, finishRun } from '../../../store/runs.js';
import { createTestDatabase, openPool, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { seedTenant } from '../sql/tenants.js';

const clock = { now: () => new Date('2026-05-20T12:00:00Z') };
let database: TestDatabase;
let listener: ChangeListener;
/** What a subscriber was told, in order. */
let told: string[];
const subscriber = {
  changed: () => void told.push('changed'),
  heard: () => void told.push('heard'),
  deaf: () => void told.push('deaf'),
};
const logger = pino({ level: 'silent' });

beforeAll(async () => {
  database = await createTestDatabase();
  await seedTenant(database.pool, 'aardvark');
});
afterAll(() => database.drop());

beforeEach(async () => {
  told = [];
  listener = listenForChanges({ databaseUrl: database.url, logger, firstPauseMs: 10 });
  listener.subscribe(subscriber);
  await eventually(() => told.at(-1) === 'heard');
  told = [];
});
afterEach(() => listener.close());

const changes = (): Promise<boolean> => eventually(() => told.includes('changed'));

describe('a write', () => {
  it('of any statement, to any table that reads are made of, is heard of', async () => {
    const { rows } = await database.pool.query<{ name: string; column: string }>(
      `select t.tgrelid::regclass::text as name,
         (select attname from pg_attribute where attrelid = t.tgrelid and attnum > 0 and attidentity = ''
            and not attisdropped order by attnum limit 1) as column
       from pg_trigger t where t.tgname = 'notify_change' order by 1`,
    );
    expect(rows.length).toBeGreaterThan(30);
    for (const { name, column } of rows) {
      told = [];
      await database.pool.query(`update ${name} set ${column} = ${column}`);
      await eventually(() => told.includes('changed'), { what: name });
    }
    for (const statement of [
      `insert into contents (content_key, platform) values ('heard', 'youtube')`,
      `delete from contents where content_key = 'heard'`,
      'truncate annotations',
      `insert into content_performance (release_id, platform, metric_name, metric_value)
         select id, 'tiktok', 'views', 5 from releases limit 1`,
    ]) {
      told = [];
      await database.pool.query(statement);
      await changes();
    }
  });

  it('is heard of once a transaction, at its end, and not at all when it is undone', async () => {
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query(`update releases set title = title; update contents set title = title`);
    await client.query('rollback');
    await client.query('begin');
    for (let times = 0; times < 3; times++) await client.query(`update releases set title = title`);
    await client.query(`update contents set title = title`);
    await client.query('commit');
    client.release();
    await changes();
    // What follows shows that nothing else was on its way.
    await database.pool.query(`notify tidemark_changed, 'the end'`);
    await eventually(() => told.length === 2);
    expect(told).toEqual(['changed', 'changed']);
  });

  it('to what no read is made of is not', async () => {
    await database.pool.query(`update quota_usage set reserved = reserved`);
    await database.pool.query(`notify tidemark_changed`);
    await changes();
    expect(told).toEqual(['changed']);
  });
});

describe('the cache of a manager', () => {
  /** Writes in a process of its own, and waits for its end. */
  async function writeElsewhere(statement: string): Promise<void> {
    const script = `const pg = require('pg'); const c = new pg.Client(process.argv[1]);
      c.connect().then(() => c.query(process.argv[2])).then(() => c.end());`;
    const child = spawn(process.execPath, ['-e', script, database.url, statement], { stdio: 'inherit' });
    expect((await once(child, 'exit'))[0]).toBe(0);
  }
  const observe = (key: string): string =>
    `with c as (insert into contents (content_key, platform) values ('${key}', 'youtube') returning id)
     insert into engagement_snapshots (content_id, recorded_at, source, views)
     select id, '2026-05-20T11:00Z', 2, 1 from c`;
  const pieces = async (manager: PerformanceAnalyticsManager): Promise<number> =>
    (await manager.getDashboardOverview('7d')).total_content_pieces;

  it('is emptied by another process’s write; without a listener it is not', async () => {
    const listening = new PerformanceAnalyticsManager(database.pool, { clock, changes: listener });
    const alone = new PerformanceAnalyticsManager(database.pool, { clock });
    const before = await pieces(listening);
    expect(await pieces(alone)).toBe(before);
    await pieces(listening);
    expect(listening.engagementTracker.getCacheStats().hits).toBeGreaterThan(0);
    told = [];
    await writeElsewhere(observe('elsewhere-1'));
    await changes();
    expect(await pieces(listening)).toBe(before + 1);
    // The control: this is what the listener mends.
    expect(await pieces(alone)).toBe(before);
    listening.close();
  });

  it('is emptied by what another manager over another pool tracks, and by a run’s end', async () => {
    const pool = openPool({ connectionString: database.url, max: 2 });
    const manager = new PerformanceAnalyticsManager(database.pool, { clock, changes: listener });
    const before = await pieces(manager);
    told = [];
    await new PerformanceAnalyticsManager(pool, { clock }).trackContentPerformance('elsewhere-2', 'x', {
      views: 1,
    });
    await changes();
    expect(await pieces(manager)).toBe(before + 1);
    const id = await beginRun(pool, {
      ...{ kind: 'analyze', workflowId: 'analyze/x', temporalRunId: 'r', startedAt: clock.now() },
    });
    // What was written until here is still being told of: nothing is kept that was computed meanwhile.
    await eventually(async () => {
      await pieces(manager);
      return manager.engagementTracker.getCacheStats().cache_size > 0;
    });
    await finishRun(pool, id, { state: 'succeeded', counts: null, warnings: [], finishedAt: clock.now() });
    await eventually(() => manager.engagementTracker.getCacheStats().cache_size === 0);
    await pool.end();
    manager.close();
  });

  it('serves nothing kept while its listener is cut off, and keeps again once it is back', async () => {
    // Of a user of its own, whom the database can turn away.
    const user = `listener_${process.pid}`;
    await database.pool.query(`create role ${user} login password 'listening'`);
    const url = new URL(database.url);
    Object.assign(url, { username: user, password: 'listening' });
    await listener.close();
    listener = listenForChanges({ databaseUrl: url.href, logger, firstPauseMs: 10 });
    listener.subscribe(subscriber);
    await eventually(() => told.at(-1) === 'heard');
    const manager = new PerformanceAnalyticsManager(database.pool, { clock, changes: listener });
    const before = await pieces(manager);
    await database.pool.query(`alter role ${user} nologin`);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`,
    );
    await eventually(() => told.at(-1) === 'deaf');
    await database.pool.query(observe('while-deaf'));
    expect(await pieces(manager)).toBe(before + 1);
    expect(manager.engagementTracker.getCacheStats().cache_size).toBe(0);
    expect(told.at(-1)).toBe('deaf');
    await database.pool.query(`alter role ${user} login`);
    await eventually(() => told.at(-1) === 'heard');
    await pieces(manager);
    expect(manager.engagementTracker.getCacheStats().cache_size).toBeGreaterThan(0);
    manager.close();
    await listener.close();
    await database.pool.query(`drop role ${user}`);
  });

  it('hears no more after it was closed, and a new one computes until the listener hears', async () => {
    const manager = new PerformanceAnalyticsManager(database.pool, { clock, changes: listener });
    await pieces(manager);
    const { cache_size: kept } = manager.engagementTracker.getCacheStats();
    manager.close();
    told = [];
    await database.pool.query('update releases set title = title');
    await changes();
    expect(manager.engagementTracker.getCacheStats().cache_size).toBe(kept);
    const nowhere = listenForChanges({
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      logger,
    });
    const deaf = new PerformanceAnalyticsManager(database.pool, { clock, changes: nowhere });
    await pieces(deaf);
    expect(deaf.engagementTracker.getCacheStats().cache_size).toBe(0);
    await nowhere.close();
  });
});
