import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisProgress } from '../../../services/analysis-step.js';
import { feedStockSources } from '../../../services/feed-stock-sources.js';
import { forecastTrends } from '../../../services/forecast-trends.js';
import { generateInsights } from '../../../services/generate-insights.js';
import { scoreReleases } from '../../../services/score-releases.js';
import { StockSuccessTracker } from '../../../services/stock-tracker.js';
import { analyseGeneratedHistory, chain, type AnalysedHistory } from './analysed-history.js';

let history: AnalysedHistory;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
});
afterAll(() => history.close());

/** Everything that the chain wrote, row by row. */
async function findings(): Promise<Record<string, unknown[]>> {
  const tables = [
    'anomalies',
    'trend_analysis_results',
    'content_feature_analysis',
    'correlation_analysis_results',
    'optimization_insights',
    'insight_events',
    'insight_outcomes',
    'release_scores',
    'stock_performance_events',
  ];
  const all: Record<string, unknown[]> = {};
  for (const table of tables) {
    const found = await history.rows<{ text: string }>(`select t::text as text from ${table} t order by 1`);
    all[table] = found.map(({ text }) => text);
  }
  return all;
}

describe('scores and stock sources over the generated world', () => {
  it('scores releases at equal age, contributions adding up, and withholds what is too young', async () => {
    const scores = await history.rows<{
      score: number | null;
      age: number;
      contributions: { points: number }[];
      withheld_reason: string | null;
    }>(
      `select score, age_days as age, contributions, withheld_reason from release_scores
       where run_id = $1::bigint order by release_id, age_days`,
      [history.runId],
    );
    expect(scores).toHaveLength(48);
    const told = scores.filter(({ score }) => score !== null);
    expect(told).toHaveLength(47);
    for (const { score, contributions } of told) {
      const points = contributions.reduce((sum, one) => sum + one.points, 0);
      expect(points).toBeCloseTo(score!, 2);
    }
    expect(scores.at(-1)).toMatchObject({
      age: 28,
      score: null,
      withheld_reason: 'reaches day 28 in 16 days',
    });
  });

  it('dates an event by the day on which the release reached the age', async () => {
    const [event] = await history.rows<{ day: string; origin: string }>(
      `select event_day::text as day, origin from stock_performance_events
       where release_id = $1 and superseded_at is null`,
      [history.releaseIds[0]],
    );
    const released = new Date(`${history.world.releases[0]!.releasedOn}T00:00:00Z`);
    const reached = new Date(released.getTime() + 28 * 86_400_000).toISOString().slice(0, 10);
    expect(event).toEqual({ day: reached, origin: 'scored' });
  });

  it('ranks the sources as planted, and the other way round without decay', async () => {
    const { ranking, faded, lowEvidence, halfLifeDays, asOf } = history.answers.stockSources;
    const tracker = new StockSuccessTracker({ pool: history.deps.pool, clock: history.deps.clock });
    const decayed = await tracker.rankSources({ asOf, halfLifeDays });
    expect(decayed.map(({ source_name }) => source_name)).toEqual(ranking);
    expect(await tracker.getTopSources()).toEqual(ranking.slice(0, 3));
    expect(await tracker.getTopSources(1, { asOf, halfLifeDays: 1e6 })).toEqual([faded]);
    const marked = decayed.find(({ source_name }) => source_name === lowEvidence);
    expect(marked).toMatchObject({ low_evidence: true, releases: 2 });
    const why = await tracker.explainSource(faded, { asOf, halfLifeDays });
    const effects = why!.contributions.reduce((sum, { effect }) => sum + effect, 0);
    expect(why!.prior + effects).toBeCloseTo(why!.score, 9);
  });

  it('lets a score that a person logged stand', async () => {
    const tracker = new StockSuccessTracker({ pool: history.deps.pool, clock: history.deps.clock });
    const releaseId = history.releaseIds[1]!;
    const events = (): Promise<{ origin: string; score: number }[]> =>
      history.rows(
        `select origin, performance_score as score from stock_performance_events
         where release_id = $1 and superseded_at is null`,
        [releaseId],
      );
    await tracker.logReleasePerformance(releaseId, 1.5);
    const result = await history.run(feedStockSources);
    expect(await events()).toEqual([{ origin: 'logged', score: 1.5 }]);
    expect(result.found).toBe(0);
  });

  it('ranks as of a day in the past from what that day could know', async () => {
    const tracker = new StockSuccessTracker({ pool: history.deps.pool, clock: history.deps.clock });
    const asOf = history.world.releases[3]!.releasedOn;
    const past = await tracker.rankSources({ asOf });
    for (const { contributions } of past) {
      for (const { event_day } of contributions) expect(event_day <= asOf).toBe(true);
    }
    expect(past.length).toBeGreaterThan(0);
    expect(past.length).toBeLessThan(history.answers.stockSources.ranking.length);
  });
});

describe('insights over the generated world', () => {
  it('carries every field, and the true association among them', async () => {
    const found = await history.rows<Record<string, unknown>>(
      `select insight_type, priority, title, description, impact_prediction, implementation_difficulty,
         affected_content, data_supporting from optimization_insights where status = 'open' order by rank desc`,
    );
    const association = found.find(({ insight_type }) => insight_type === 'feature_association');
    expect(association).toMatchObject({
      priority: expect.stringMatching(/^(low|medium|high)$/) as string,
      title: expect.stringContaining('duration') as string,
      impact_prediction: expect.stringContaining('95 % interval') as string,
      implementation_difficulty: expect.any(String) as string,
      data_supporting: { feature: 'duration_seconds', sample_size: expect.any(Number) as number },
    });
    expect((association!['affected_content'] as string[]).length).toBeGreaterThan(10);
    for (const { title, description } of found)
      expect(`${title as string} ${description as string}`).not.toMatch(/cause/i);
  });

  it('says a thing once: the oldest age speaks for the younger ones', async () => {
    const found = await history.rows<{ metric: string }>(
      `select o.metric from optimization_insights i
       cross join lateral (
         select i.data_supporting ->> 'metric' as metric
         union all
         select value ->> 'metric' from jsonb_array_elements(i.data_supporting -> 'other_outcomes')
       ) o
       where i.insight_type = 'feature_association' and i.status = 'open'`,
    );
    expect(found.map(({ metric }) => metric)).toContain('views_day_28');
    expect(found.map(({ metric }) => metric)).not.toContain('views_day_7');
  });

  it('keeps people’s decisions, and marks what is found no more as outdated', async () => {
    const keyed = await history.rows<{ id: string }>(
      `select id::text from optimization_insights where insight_type = 'feature_association' order by rank desc`,
    );
    const dismissed = keyed[0]!.id;
    await history.rows(`update optimization_insights set status = 'dismissed' where id = $1`, [dismissed]);
    await history.rows(
      `insert into optimization_insights (artist_id, insight_key, insight_type, priority, title, description,
         impact_prediction, implementation_difficulty, method_version, first_found_at, last_found_at)
       values ($1, 'old', 'anomaly', 'low', 't', 'd', 'i', 'e', '1', now(), now())`,
      [history.artistId],
    );
    await history.run(generateInsights, { id: await history.newRun() });
    const after = await history.rows<{ id: string; key: string; status: string }>(
      `select id::text, insight_key as key, status from optimization_insights`,
    );
    expect(after.find(({ id }) => id === dismissed)?.status).toBe('dismissed');
    expect(after.find(({ key }) => key === 'old')?.status).toBe('outdated');
  });
});

describe('the steps of the chain', () => {
  it('change no row when they run again', async () => {
    for (const step of chain) await history.run(step);
    const before = await findings();
    for (const step of chain) await history.run(step);
    expect(await findings()).toEqual(before);
    expect(before['anomalies']!.length).toBeGreaterThan(0);
    expect(before['stock_performance_events']!.length).toBe(25);
  });

  it('tell what they found', () => {
    expect(history.results.get('detectAnomalies')).toMatchObject({ state: 'succeeded', failure: null });
    expect(history.results.get('forecastTrends')!.found).toBeGreaterThan(90);
    expect(history.results.get('scoreReleases')).toMatchObject({ subjects: 48, found: 47, withheld: 1 });
    expect(history.results.get('feedStockSources')).toMatchObject({ subjects: 24, found: 24 });
  });

  it('keep to their scope', async () => {
    const id = await history.newRun();
    const key = `spotify:${history.world.releases[4]!.trackId}`;
    const result = await history.run(forecastTrends, { id, scope: { kind: 'contents', contentIds: [key] } });
    expect(result).toMatchObject({ subjects: 1, found: 1 });
  });

  it('stop when they are cancelled, and go on after the cursor', async () => {
    const id = await history.newRun();
    const small = {
      ...history,
      deps: { ...history.deps, settings: { ...history.deps.settings, batchSize: 10 } },
    };
    const controller = new AbortController();
    let reached: AnalysisProgress | null = null;
    const cancelled = forecastTrends(small.deps, {
      ...{ runId: id, scope: { kind: 'all' }, signal: controller.signal },
      onProgress(progress) {
        reached = progress;
        if (progress.subjects >= 20) controller.abort(new Error('enough'));
      },
    });
    await expect(cancelled).rejects.toThrow('enough');
    const half = await history.rows(`select from trend_analysis_results where run_id = $1::bigint`, [id]);
    expect(half.length).toBeLessThan(96);
    const cursors: number[] = [];
    const result = await forecastTrends(small.deps, {
      ...{ runId: id, scope: { kind: 'all' }, signal: new AbortController().signal, resumeFrom: reached },
      onProgress: ({ cursor }) => void cursors.push(cursor),
    });
    expect(Math.min(...cursors)).toBeGreaterThan((reached as unknown as AnalysisProgress).cursor);
    expect(result.subjects).toBe(96);
    const whole = await history.rows(`select from trend_analysis_results where run_id = $1::bigint`, [id]);
    expect(whole).toHaveLength(96);
  });

  it('fail with the reason when the database refuses, and leave nothing half written', async () => {
    const before = await findings();
    await expect(history.run(scoreReleases, { id: 'not a number' })).rejects.toThrow();
    expect(await findings()).toEqual(before);
  });
});
