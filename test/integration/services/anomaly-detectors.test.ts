import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisStepResult } from '../../../contracts/runs.js';
import { detectAnomalies } from '../../../services/detect-anomalies.js';
import { createTestDatabase } from '../../support/databases.js';
import { loadGeneratedHistory, type GeneratedHistory } from './generated-history.js';

let history: GeneratedHistory;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  drop = () => database.drop();
  history = await loadGeneratedHistory(database.pool);
});
afterAll(async () => {
  await history.close();
  await drop();
});

async function rows<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
  return (await history.deps.pool.query<Row>(sql, parameters)).rows;
}

async function detect(anomalyBudget = history.deps.settings.anomalyBudget): Promise<AnalysisStepResult> {
  const deps = { ...history.deps, settings: { ...history.deps.settings, anomalyBudget } };
  return detectAnomalies(deps, {
    runId: await history.newRun(),
    scope: { kind: 'all' },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

interface StoredDetector {
  metric: string;
  threshold: number;
  enabled: boolean;
  reason: string | null;
  run_id: string;
  series: number;
  worst_alerts: number | null;
}

const detectors = (): Promise<StoredDetector[]> =>
  rows<StoredDetector>('select * from anomaly_detectors order by metric');
const forget = (): Promise<unknown> => rows('delete from anomaly_detectors');

describe('anomaly detectors', () => {
  it('are simulated over history once a metric, and again only for another version', async () => {
    const { found } = await detect();
    const first = await detectors();
    expect(first.map(({ metric, threshold, enabled }) => [metric, threshold, enabled])).toEqual(
      ['comments', 'likes', 'streams', 'views'].map((metric) => [metric, 3.5, true]),
    );
    expect(first.at(-1)).toMatchObject({ worst_alerts: 1, reason: null });
    expect(first.at(-1)!.series).toBeGreaterThan(20);
    expect((await detect()).found).toBe(found);
    expect(await detectors()).toEqual(first);
    await rows("update anomaly_detectors set method_version = '1' where metric = 'views'");
    await detect();
    const later = await detectors();
    expect(later.filter(({ run_id: id }, index) => id !== first[index]!.run_id)).toMatchObject([
      { metric: 'views', method_version: '2' },
    ]);
  });

  it('are not enabled where even the strictest threshold raises too many, and raise nothing then', async () => {
    const before = await detect();
    await forget();
    const { found, withheld } = await detect(0);
    const off = (await detectors()).filter(({ enabled }) => !enabled);
    expect(off.map(({ metric }) => metric)).toEqual(['views']);
    expect(off[0]!.reason).toMatch(/alerts a series-year at the strictest threshold; 0 at most/);
    expect(off[0]!.threshold).toBeCloseTo(3.25 * 3.5);
    expect(withheld).toBeGreaterThan(before.withheld + 20);
    expect(found).toBeLessThan(before.found);
    expect(await rows("select from anomalies where metric = 'views'")).toEqual([]);
    await forget();
    expect((await detect()).found).toBe(before.found);
  });

  it('mark what most of an artist’s series share', async () => {
    const { spike } = history.answers;
    const day = '2026-11-05';
    const scale = (factor: number): Promise<unknown> =>
      rows(
        `update content_performance_history h set views = h.views * $1
         from contents c where c.id = h.content_id and c.platform = 'youtube' and h.day = $2`,
        [factor, day],
      );
    await scale(5);
    await detect();
    const found = await rows<{ day: string; shared: boolean; external_id: string }>(
      `select a.day::text as day, a.shared, c.external_id from anomalies a join contents c on c.id = a.content_id
       where a.metric = 'views'`,
    );
    const common = found.filter((anomaly) => anomaly.day === day);
    expect(common.length).toBeGreaterThan(15);
    expect(common.filter(({ shared }) => shared).length).toBeGreaterThan(0.9 * common.length);
    expect(
      found.find((anomaly) => anomaly.external_id === spike.externalId && anomaly.day === spike.day),
    ).toMatchObject({ shared: false });
    await scale(1 / 5);
    await detect();
    expect(await rows('select from anomalies where shared')).toEqual([]);
  });
});
