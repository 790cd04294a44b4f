import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInputError, PerformanceAnalyticsManager, type RequestedExport } from '../../../services/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedTenant } from '../sql/tenants.js';
import { bytesOf, parseCsv, sheetOf } from './exported.js';

const day = 86_400_000;
let now = new Date('2026-01-20T12:00:00Z');
const clock = { now: () => now };
let database: TestDatabase;
let directory: string;
let manager: PerformanceAnalyticsManager;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedTenant(database.pool, 'aardvark');
  // What the seed found, it found just now.
  await database.pool.query(
    `update optimization_insights set last_found_at = '2026-01-19Z';
     update trend_analysis_results set computed_at = '2026-01-19Z'`,
  );
  directory = await mkdtemp(join(tmpdir(), 'tidemark-library-'));
  manager = new PerformanceAnalyticsManager(database.pool, { clock, exports: { directory } });
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

describe('exportAnalyticsData', () => {
  it('gives JSON as the data itself', async () => {
    const data = await manager.exportAnalyticsData('json', '30d');
    expect(Object.keys(data)).toEqual(['content_analysis', 'optimization_insights', 'performance_trends']);
    expect(data).toMatchObject({
      content_analysis: [{ content_id: 'youtube:aardvark', views: 10 }],
      optimization_insights: [{ title: 'aardvark', affected_content: [] }],
      performance_trends: [{ content_id: 'youtube:aardvark', metric_name: 'views' }],
    });
    const told = await manager.exportAnalyticsData('JSON', '30d', ['x'], ['youtube:aardvark'], true);
    expect(told).toMatchObject({
      metadata: { platforms: ['twitter'], content_ids: ['youtube:aardvark'] },
      content_analysis: [],
    });
  });

  it.each(['csv', 'excel'])('gives %s as an export whose file its token opens', async (format) => {
    const made = (await manager.exportAnalyticsData(format, '30d')) as RequestedExport;
    expect(made).toMatchObject({ state: 'ready', rows: 3, run: null, requested_by: 'program' });
    const { stream } = await manager.openExport(made.export_id, made.token);
    const file = await bytesOf(stream as AsyncIterable<Uint8Array>);
    const rows = format === 'csv' ? parseCsv(file.toString()) : await sheetOf(file);
    expect(rows.map(([section]) => section)).toEqual([
      ...['section', 'content_analysis', 'optimization_insights', 'performance_trends'],
    ]);
  });

  it('starts csv in the background where there is a Temporal', async () => {
    const asked: unknown[] = [];
    const run = { workflowId: 'w', runId: 'r', alreadyRunning: false, url: 'u' };
    const starter = {
      exportData: (input: unknown) => {
        asked.push(input);
        return Promise.resolve(run);
      },
    };
    const started = new PerformanceAnalyticsManager(database.pool, {
      clock,
      starter,
      exports: { directory },
    });
    const csv = (await started.exportAnalyticsData('csv', '7d')) as RequestedExport;
    expect(csv).toMatchObject({ state: 'waiting', run });
    expect(asked).toEqual([{ exportId: csv.export_id, dataset: 'content', format: 'csv' }]);
    expect(await started.exportAnalyticsData('excel', '7d')).toMatchObject({ state: 'ready' });
    expect(asked).toHaveLength(1);
  });

  it('refuses what it cannot write', async () => {
    await expect(manager.exportAnalyticsData('pdf', '30d')).rejects.toThrow(BadInputError);
  });
});

it('exportDashboardData gives the overview’s figures', async () => {
  expect(await manager.dashboard.exportDashboardData('json', '30d')).toMatchObject({
    overview: [
      { platform: 'all', content_pieces: 1, views: 10 },
      { platform: 'youtube', content_pieces: 1, views: 10 },
    ],
  });
  expect(await manager.dashboard.exportDashboardData('csv')).toMatchObject({ dataset: 'overview', rows: 2 });
});

describe('cleanupOldData', () => {
  const count = async (table: string): Promise<number> =>
    (await database.pool.query<{ count: number }>(`select count(*)::int from ${table}`)).rows[0]!.count;

  it('removes what is past its days, or only counts it, and keeps days and each content’s latest', async () => {
    await database.pool.query(
      `insert into engagement_snapshots (content_id, recorded_at, source, views)
       select id, t::timestamptz, s, 1 from contents
       cross join (values ('2024-01-01Z', 2), ('2024-06-01Z', 2), ('2024-07-01Z', 1)) v (t, s)
       where content_key = 'youtube:aardvark'`,
    );
    const days = await count('content_performance_history');
    const snapshots = await count('engagement_snapshots');
    const exports = await count('exports');
    now = new Date(now.getTime() + 2 * day);
    const rehearsal = await manager.cleanupOldData(365, true);
    expect(rehearsal).toMatchObject({ retention_days: 365, dry_run: true, removed_snapshots: 2 });
    expect(rehearsal.removed_exports).toBeGreaterThan(0);
    expect(await count('engagement_snapshots')).toBe(snapshots);
    const counts = await manager.cleanupOldData();
    expect(counts).toEqual({ ...rehearsal, dry_run: false });
    // The one told by hand stays.
    expect(await count('engagement_snapshots')).toBe(snapshots - 2);
    expect(await count('content_performance_history')).toBe(days);
    expect(await count('exports')).toBe(exports - counts.removed_exports);
    expect(await readdir(directory)).toEqual([]);
    expect(await manager.cleanupOldData()).toMatchObject({ removed_snapshots: 0, removed_exports: 0 });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %s days', async (days) => {
    await expect(manager.cleanupOldData(days)).rejects.toThrow(BadInputError);
  });
});
