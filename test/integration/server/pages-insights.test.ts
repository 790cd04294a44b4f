import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArtist } from '../../../store/artists.js';
import { listAuditEntries } from '../../../store/audit-log.js';
import { upsertDescriptions } from '../../../store/contents.js';
import { replaceInsights, type FoundInsight } from '../../../store/insights.js';
import { saveOutcomes } from '../../../store/insight-outcomes.js';
import { addRelease, linkContent } from '../../../store/releases.js';
import { beginRun } from '../../../store/runs.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';

const now = new Date('2026-03-04T12:00:00Z');
const wildTitle = 'Views of “<script>alert(1)</script> مدّ 🌊” keep falling';

let site: TestSite;
let pool: Pool;
let artistId: number;
let analyst: PageVisitor;
let viewer: PageVisitor;
let ids: Record<'association' | 'trend' | 'outdated', string>;

beforeAll(async () => {
  site = await createTestSite({ now: () => now });
  pool = ownerPool(site);
  artistId = (await addArtist(pool, 'Ours')).id;
  const { id: releaseId } = await addRelease(pool, { artistId, title: 'Neap', state: 'approved' });
  await upsertDescriptions(
    pool,
    [
      {
        ...{ platform: 'youtube', externalId: 'a', kind: 'video', title: 'Neap', description: null },
        ...{ publishedAt: null, durationSeconds: null, tags: null, language: null, format: null, isrc: null },
        attributes: {},
      },
    ],
    null,
  );
  await linkContent(pool, 'youtube:a', releaseId);
  analyst = await visitAs(site, 'analyst', [artistId]);
  viewer = await visitAs(site, 'viewer', [artistId]);
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

function found(key: string, more: Partial<FoundInsight>): FoundInsight {
  return {
    key,
    ...{ rank: 0.5, status: 'open', action: 'found', insight_type: 'feature_association', priority: 'high' },
    ...{ title: key, description: 'Tags are associated with views.', impact_prediction: 'About 12 % more.' },
    ...{ implementation_difficulty: 'easy: decided next time', affected_content: ['youtube:a'] },
    data_supporting: {},
    ...more,
  };
}

async function find(): Promise<void> {
  const run = { kind: 'analyze', workflowId: 'analyze/test', temporalRunId: 'one', startedAt: now } as const;
  const runId = await beginRun(pool, run);
  const insights = [
    found('association', {
      title: 'More tags go with more views',
      data_supporting: {
        ...{ correlation_coefficient: 0.612, confidence_interval: [0.31, 0.8], p_value: 0.0042 },
        ...{ adjusted_p_value: 0.021, sample_size: 40 },
        predicted_impact: {
          ...{ metric: 'views_day_28', low: 0.05, expected: 0.12, high: 0.2, unit: 'relative change' },
          ...{ horizon_days: 90, baseline: 0 },
        },
      },
    }),
    found('trend', { title: wildTitle, insight_type: 'falling_trend', priority: 'low', rank: 0.1 }),
    found('outdated', { status: 'outdated', action: 'outdated' }),
  ];
  await replaceInsights(pool, artistId, insights, [], new Map(), { runId, methodVersion: '3', foundAt: now });
  const { rows } = await pool.query<{ key: keyof typeof ids; id: string }>(
    'select insight_key as key, id::text from optimization_insights',
  );
  ids = Object.fromEntries(rows.map(({ key, id }) => [key, id])) as typeof ids;
}

async function stored(
  key: keyof typeof ids,
): Promise<{ status: string; until: string | null; events: string }> {
  const { rows } = await pool.query<{ status: string; until: string | null; events: string }>(
    `select i.status, i.snoozed_until::text as until,
       (select count(*) from insight_events e where e.insight_id = i.id) as events
     from optimization_insights i where i.id = $1`,
    [ids[key]],
  );
  return rows[0]!;
}

describe('the list of insights', () => {
  it('says when there will be some, and otherwise shows evidence by rank', async () => {
    expect((await viewer.get('/insights')).body).toContain('No insight asks for attention');
    await find();
    const page = await viewer.get('/insights');
    expect(page.statusCode).toBe(200);
    expect(page.body.indexOf('More tags go with more views')).toBeLessThan(page.body.indexOf('keep falling'));
    for (const told of ['0.61', '0.31 to 0.80', '0.004', '0.021', '40', 'About 12 % more.'])
      expect(page.body).toContain(`>${told}<`);
    expect(page.body).not.toContain('<script>alert');
    expect(page.body).not.toMatch(/\bcauses?\b/i);
  });

  it('filters by status, platform and type, and tells an empty filter from an empty list', async () => {
    const trends = await viewer.get('/insights?type=falling_trend&status=&platform=');
    expect(trends.body).toContain('keep falling');
    expect(trends.body).not.toContain('More tags go with');
    expect((await viewer.get('/insights?platform=spotify')).body).toContain('No insight matches');
    expect((await viewer.get('/insights?platform=youtube')).body).toContain('More tags go with');
    expect((await viewer.get('/insights?status=outdated')).body).toContain(`/insights/${ids.outdated}`);
    expect((await viewer.get('/insights?status=nonsense')).statusCode).toBe(400);
  });
});

describe('one insight', () => {
  it('shows a viewer everything but the controls, with a word why', async () => {
    const page = await viewer.get(`/insights/${ids.association}`);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Neap');
    expect(page.body).toContain('takes a key of an analyst');
    expect(page.body).not.toContain('action="/insights');
    expect((await viewer.post(`/insights/${ids.association}/accept`)).statusCode).toBe(403);
    expect((await stored('association')).status).toBe('open');
  });

  it('is accepted once however often the form is sent, and the audit log knows by whom', async () => {
    const path = `/insights/${ids.association}/accept`;
    const answers = [];
    for (let i = 0; i < 2; i += 1)
      answers.push(await analyst.post(path, { note: 'Ten tags from now on', _form: 'one' }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    expect(await stored('association')).toMatchObject({ status: 'accepted', events: '2' });
    const page = await analyst.follow(answers[0]!);
    expect(page.body).toContain('Accepted: More tags go with more views');
    expect(page.body).toContain('Ten tags from now on');
    expect(page.body).toMatch(/key \d+ \(test analyst\)/);
    expect((await analyst.get(`/insights/${ids.association}`)).body).not.toContain('Accepted: More');
    const [entry] = await listAuditEntries(pool);
    expect(entry).toMatchObject({ action: 'POST /insights/:id/accept', subject: path });
  });

  it('is dismissed with a reason alone, and says so on the form', async () => {
    const path = `/insights/${ids.trend}/dismiss`;
    const refused = await analyst.post(path, { reason: ' ' });
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toContain('A dismissal has a reason.');
    expect(refused.body).toContain(`action="/insights/${ids.trend}/dismiss"`);
    expect((await analyst.post(path, { reason: 'Out of season' })).statusCode).toBe(303);
    expect((await stored('trend')).status).toBe('dismissed');
  });

  it('is snoozed until a later day, and no other', async () => {
    const path = `/insights/${ids.trend}/snooze`;
    expect((await analyst.post(path, { until: '2026-03-04' })).statusCode).toBe(400);
    expect((await analyst.post(path, { until: '2026-03-20', note: '' })).statusCode).toBe(303);
    expect(await stored('trend')).toMatchObject({ status: 'snoozed', until: '2026-03-20' });
  });

  it('cannot be decided once it is outdated, nor without the form’s token, nor where it is none', async () => {
    const outdated = await analyst.post(`/insights/${ids.outdated}/accept`);
    expect(outdated.statusCode).toBe(409);
    expect(outdated.body).toContain('nothing is left to decide');
    const forged = await analyst.post(`/insights/${ids.trend}/accept`, { _csrf: 'forged' });
    expect(forged.statusCode).toBe(403);
    expect((await stored('trend')).status).toBe('snoozed');
    expect((await analyst.get('/insights/999999')).statusCode).toBe(404);
    expect((await analyst.get('/insights/abc')).statusCode).toBe(400);
  });

  it('tells what became of its prediction', async () => {
    const { rows } = await pool.query<{ id: string; run: string }>(
      `select e.id::text, (select min(id)::text from runs) as run from insight_events e
       where e.insight_id = $1 and e.action = 'accepted'`,
      [ids.association],
    );
    await saveOutcomes(
      pool,
      [
        {
          ...{
            insightId: ids.association,
            eventId: rows[0]!.id,
            metric: 'views_day_28',
            unit: 'relative change',
          },
          ...{ horizonDay: '2026-06-02', low: 0.05, expected: 0.12, high: 0.2, baseline: 0, actual: 0.15 },
          ...{ points: 12, verdict: 'held' as const, reason: null },
        },
      ],
      { runId: rows[0]!.run, methodVersion: '3', checkedAt: now },
    );
    const page = await viewer.get(`/insights/${ids.association}`);
    expect(page.body.replaceAll(/<[^>]+>/g, '')).toContain(
      'By 2026-06-02, views day 28: +5 % to +20 % predicted, +15 % came. The prediction held.',
    );
    expect((await viewer.get('/insights')).body).toContain('1 prediction of accepted insights');
  });

  it('is nobody’s else', async () => {
    const other = await addArtist(pool, 'Others');
    const stranger = await visitAs(site, 'analyst', [other.id]);
    expect((await stranger.get(`/insights/${ids.association}`)).statusCode).toBe(404);
    expect((await stranger.post(`/insights/${ids.association}/accept`)).statusCode).toBe(404);
  });
});
