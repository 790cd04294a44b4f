import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import type { PredictedImpact } from '../../../analytics/insight-impact.js';
import { generateInsights } from '../../../services/generate-insights.js';
import {
  BadInputError,
  ExperimentService,
  InsightService,
  type OptimizationInsight,
} from '../../../services/index.js';
import { analyseGeneratedHistory, type AnalysedHistory } from './analysed-history.js';

const today = '2026-11-20';
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const impactOf = ({ data_supporting }: OptimizationInsight): PredictedImpact =>
  data_supporting['predicted_impact'] as PredictedImpact;

let history: AnalysedHistory;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
});
afterAll(() => history.close());

const service = (day = today): InsightService =>
  new InsightService({ db: history.deps.pool, clock: { now: () => at(day) } });

/** The step over again, as another run on another day. */
async function generateOn(day: string): Promise<void> {
  await generateInsights(
    { ...history.deps, clock: { now: () => at(day) } },
    {
      ...{ runId: await history.newRun(), scope: { kind: 'all' } as const },
      ...{ signal: new AbortController().signal, onProgress: () => undefined },
    },
  );
}

describe('an insight', () => {
  it('predicts in numbers, and says when they can be told', async () => {
    const listed = await service().list();
    expect(listed.length).toBeGreaterThan(5);
    const ranks = listed.map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    const predicted = listed.map(impactOf).filter((impact) => (impact as PredictedImpact | null) !== null);
    expect(predicted.length).toBeGreaterThan(5);
    for (const { low, expected, high, horizon_days } of predicted) {
      expect(low).toBeLessThanOrEqual(expected);
      expect(expected).toBeLessThanOrEqual(high);
      expect(horizon_days).toBeGreaterThan(0);
    }
    const [first] = (await service().show(listed[0]!.id)).history;
    expect(first).toMatchObject({ action: 'found', from_status: null, to_status: 'open', actor: null });
    expect(first!.evidence).toMatchObject({ rank: listed[0]!.rank, title: listed[0]!.title });
  });

  it('comes from benchmarks and from A/B tests too', async () => {
    // The last two releases are poor ones; they passed day 7 and day 28 within the last fourteen days.
    const passed = new Map(
      [28, 7].flatMap((age, index) => {
        const { videoId, trackId } = history.world.releases.at(index - 2)!;
        return [`youtube:${videoId}`, `spotify:${trackId}`].map((key) => [key, age] as const);
      }),
    );
    const trailing = await service().list({ types: ['benchmark_below'] });
    expect(trailing.length).toBeGreaterThanOrEqual(2);
    for (const { affected_content, data_supporting } of trailing) {
      expect(data_supporting).toMatchObject({ age_days: passed.get(affected_content[0]!), origin: 'own' });
    }
    const tests = new ExperimentService({ pool: history.deps.pool, clock: { now: () => at(today) } });
    const { id } = await tests.define(
      {
        ...{ artistId: history.artistId, name: 'thumbnail', metric: 'clicks', kind: 'proportion' },
        ...{ variants: [{ name: 'logo' }, { name: 'faces' }], baseline: 0.1, minimumEffect: 0.02 },
      },
      'ann',
    );
    await tests.recordObservation(id, 'logo', { trials: 10_000, successes: 1_000 }, 'ann');
    await tests.recordObservation(id, 'faces', { trials: 10_000, successes: 1_400 }, 'ann');
    await generateOn(today);
    expect(await service().list({ types: ['experiment'] })).toEqual([]);
    await tests.decide(id, 'ann');
    await generateOn(today);
    const [won] = await service().list({ types: ['experiment'] });
    expect(won).toMatchObject({
      title: 'Use “faces”: it won the test “thumbnail”',
      data_supporting: { winner: 'faces', control: 'logo', observations: 20_000 },
    });
    expect(impactOf(won!).expected).toBeCloseTo(0.4, 9);
    await generateOn(addDays(today, 91));
    expect(await service().list({ types: ['experiment'] })).toEqual([]);
    await generateOn(today);
  });

  it('that is dismissed stays away for 90 days', async () => {
    const [insight] = await service().list({ types: ['feature_association'] });
    const { id } = insight!;
    expect(await service().dismiss(id, 'ann', 'tried before')).toMatchObject({ status: 'dismissed' });
    // Told twice, decided once.
    await service().dismiss(id, 'ann', 'tried before');
    const status = async (): Promise<string> => (await service().show(id)).status;
    await generateOn(addDays(today, 89));
    expect(await status()).toBe('dismissed');
    expect((await service().list()).map((one) => one.id)).not.toContain(id);
    await generateOn(addDays(today, 90));
    expect(await status()).toBe('open');
    const { history: events } = await service().show(id);
    expect(events.map(({ action, actor, note }) => [action, actor, note])).toEqual([
      ['found', null, null],
      ['dismissed', 'ann', 'tried before'],
      ['reopened', null, null],
    ]);
  });

  it('that is dismissed comes back at once when its evidence is another', async () => {
    const [insight] = await service().list({ types: ['feature_association'] });
    const { id } = insight!;
    await service().dismiss(id, 'ann', 'too weak');
    await generateOn(today);
    expect((await service().show(id)).status).toBe('dismissed');
    await history.rows(
      `update insight_events set evidence = jsonb_set(evidence, '{data_supporting,predicted_impact}',
         evidence #> '{data_supporting,predicted_impact}' || '{"low": -9, "expected": -8, "high": -7}')
       where insight_id = $1 and action = 'dismissed'`,
      [id],
    );
    await generateOn(today);
    expect((await service().show(id)).status).toBe('open');
  });

  it('that is snoozed comes back on its day', async () => {
    const [insight] = await service().list({ types: ['high_performance'] });
    const { id } = insight!;
    expect(await service().snooze(id, 'ben', addDays(today, 10), 'after the tour')).toMatchObject({
      ...{ status: 'snoozed', snoozed_until: addDays(today, 10) },
    });
    await generateOn(addDays(today, 9));
    expect((await service().list()).map((one) => one.id)).not.toContain(id);
    expect((await service(addDays(today, 10)).list()).map((one) => one.id)).toContain(id);
    await generateOn(addDays(today, 10));
    expect(await service().show(id)).toMatchObject({ status: 'open', snoozed_until: null });
  });

  it('takes no decision that makes no sense', async () => {
    const [insight] = await service().list();
    const { id } = insight!;
    await expect(service().dismiss(id, 'ann', ' ')).rejects.toThrow(BadInputError);
    await expect(service().accept(id, '')).rejects.toThrow(BadInputError);
    await expect(service().snooze(id, 'ann', today)).rejects.toThrow(BadInputError);
    await expect(service().show('one')).rejects.toThrow(BadInputError);
    await expect(service().list({ statuses: ['gone'] })).rejects.toThrow(BadInputError);
    await expect(service().list({ limit: 0 })).rejects.toThrow(BadInputError);
    await expect(service().accept('999999', 'ann')).rejects.toMatchObject({ code: 'notFound' });
    await history.rows(`update optimization_insights set status = 'outdated' where id = $1`, [id]);
    await expect(service().accept(id, 'ann')).rejects.toMatchObject({ code: 'conflict' });
    await generateOn(today);
    expect(await service().show(id)).toMatchObject({ status: 'open' });
  });
});

describe('a prediction whose time has come', () => {
  it('is checked once against what happened, for accepted and dismissed insights', async () => {
    const { videoId } = history.world.releases[4]!;
    const past = addDays(today, -45);
    // What was decided 45 days ago about a content whose level has stayed the same since.
    const inserted = await history.rows<{ id: string; type: string }>(
      `insert into optimization_insights (artist_id, insight_key, insight_type, priority, title, description,
         impact_prediction, implementation_difficulty, affected_content, data_supporting, method_version,
         first_found_at, last_found_at)
       select $1, t.key, t.type, 'low', 't', 'd', 'i', 'e', array[$2::text], t.supporting, '3', now(), now()
       from jsonb_to_recordset($3) as t (key text, type text, supporting jsonb)
       returning id::text, insight_key as type`,
      [
        history.artistId,
        `youtube:${videoId}`,
        JSON.stringify([
          supporting('level', 'anomaly', { low: 1, expected: 1e6, high: 1e7, baseline: 0, unit: 'a day' }),
          supporting('rise', 'rising_trend', { low: 900, expected: 1_000, high: 1_100, baseline: 0 }, 1),
          supporting('source', 'stock_source', { low: 4, expected: 5, high: 6, baseline: 3 }),
          supporting('test', 'experiment', { low: 4, expected: 5, high: 6, baseline: 3 }),
          { key: 'none', type: 'anomaly', supporting: {} },
        ]),
      ],
    );
    const idOf = (key: string): string => inserted.find(({ type }) => type === key)!.id;
    for (const key of ['level', 'source', 'test', 'none']) await service(past).accept(idOf(key), 'ann');
    await service(past).dismiss(idOf('rise'), 'ann', 'not now');
    await generateOn(today);
    const [mean] = await history.rows<{ views: number }>(
      `select avg(d.views)::float8 as views from effective_days d join contents c on c.id = d.content_id
       where c.external_id = $1 and d.final and d.day > $2::date and d.day <= $2::date + 30`,
      [videoId, past],
    );
    const outcome = async (key: string) => (await service().show(idOf(key))).outcomes;
    expect(await outcome('level')).toMatchObject([
      {
        decision: 'accepted',
        metric: 'views',
        points: 30,
        horizon_day: addDays(past, 30),
        verdict: 'partly',
      },
    ]);
    expect((await outcome('level'))[0]!.actual).toBeCloseTo(mean!.views, 6);
    expect((await outcome('rise'))[0]).toMatchObject({ decision: 'dismissed', verdict: 'partly' });
    expect((await outcome('rise'))[0]!.actual).toBeCloseTo(mean!.views - 1, 6);
    expect(await outcome('source')).toMatchObject([
      {
        ...{ verdict: 'cannot_tell', actual: null },
        reason: 'needs 3 more scored releases that used the source since the decision',
      },
    ]);
    expect(await outcome('test')).toMatchObject([{ verdict: 'cannot_tell' }]);
    expect(await outcome('none')).toEqual([]);
    expect(await service().trackRecord()).toMatchObject({
      accepted: { checked: 3, partly: 1, cannot_tell: 2 },
      dismissed: { checked: 1, partly: 1 },
    });
    const before = await history.rows('select * from insight_outcomes order by id');
    await generateOn(addDays(today, 1));
    expect(await history.rows('select * from insight_outcomes order by id')).toEqual(before);
  });

  it('is checked among the releases made since, where it speaks of those to come', async () => {
    const past = addDays(today, -300);
    const told = { low: -9, expected: 1, high: 9, baseline: -9 };
    const source = history.answers.stockSources.ranking[0]!;
    const cases = [
      [
        'numbers',
        'feature_association',
        { feature: 'duration_seconds' },
        { ...told, metric: 'views_day_28' },
      ],
      [
        'levels',
        'feature_association',
        { feature: `stock_source=${source}` },
        { ...told, metric: 'views_day_28' },
      ],
      ['unknown', 'feature_association', { feature: 'colour=blue' }, { ...told, metric: 'views_day_28' }],
      ['their source', 'stock_source', { source_name: source }, { ...told, unit: 'score points' }],
      [
        'high',
        'high_performance',
        { release_id: history.releaseIds[0], age_days: 28 },
        { ...told, unit: 'score points' },
      ],
      [
        'low',
        'low_performance',
        { release_id: history.releaseIds[0], age_days: 7 },
        { ...told, unit: 'score points' },
      ],
      [
        'last',
        'low_performance',
        { release_id: history.releaseIds[0], age_days: 28 },
        { ...told, unit: 'score points' },
      ],
    ] as const;
    const ids = new Map<string, string>();
    for (const [key, type, evidence, impact] of cases) {
      const [row] = await history.rows<{ id: string }>(
        `insert into optimization_insights (artist_id, insight_key, insight_type, priority, title, description,
           impact_prediction, implementation_difficulty, data_supporting, method_version, first_found_at, last_found_at)
         values ($1, $2, $3, 'low', 't', 'd', 'i', 'e', $4, '3', now(), now())
         returning id::text`,
        [
          history.artistId,
          key,
          type,
          { ...evidence, ...supporting(key, type, impact).supporting, ...evidence },
        ],
      );
      ids.set(key, row!.id);
      // The source's releases come out over a year.
      await service(past).accept(row!.id, 'ann');
    }
    await history.rows(
      `update insight_events set evidence = jsonb_set(evidence, '{data_supporting,predicted_impact,horizon_days}', '290')
       where insight_id = any($1::bigint[])`,
      [[...ids.values()]],
    );
    await generateOn(today);
    const outcome = async (key: string) => (await service().show(ids.get(key)!)).outcomes[0]!;
    const [scores] = await history.rows<{ next: number; mean: number }>(
      `select (select s.score from release_scores s where s.release_id = $1 and s.age_days = 28
           order by s.computed_at desc limit 1) as next,
         (select avg(e.performance_score)::float8 from stock_performance_events e
           where e.superseded_at is null and e.event_day <= $3::date and e.release_id in (
             select u.release_id from stock_clip_usages u join releases r on r.id = u.release_id
             where u.source_name = $2 and r.released_on > $4::date)) as mean`,
      [history.releaseIds[0], source, addDays(past, 290), past],
    );
    expect((await outcome('low')).actual).toBeCloseTo(scores!.next, 9);
    expect((await outcome('their source')).actual).toBeCloseTo(scores!.mean, 9);
    expect(await outcome('last')).toMatchObject({ verdict: 'cannot_tell', actual: null });
    expect((await outcome('high')).points).toBeGreaterThan(10);
    for (const key of ['numbers', 'levels']) {
      expect(await outcome(key), key).toMatchObject({ metric: 'views_day_28', reason: null });
      expect((await outcome(key)).points, key).toBeGreaterThan(10);
    }
    // The planted association is there among the later releases too.
    expect(Math.sign((await outcome('numbers')).actual!)).toBe(history.answers.correlations.true.sign);
    expect((await outcome('unknown')).reason).toMatch(/^needs 3 more contents/);
  });
});

function supporting(
  key: string,
  type: string,
  impact: Partial<PredictedImpact>,
  base?: number,
): { key: string; type: string; supporting: Record<string, unknown> } {
  return {
    ...{ key, type },
    supporting: {
      source_name: 'nobody’s',
      predicted_impact: {
        ...{ metric: 'views', horizon_days: 30, unit: 'relative change' },
        ...impact,
        ...(base === undefined ? {} : { base }),
      },
    },
  };
}
