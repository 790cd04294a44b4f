/** The calls of the contract as they stand in people's scripts: without a key, on loopback. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunStarter } from '../../../operations/run-starter.js';
import { addArtist } from '../../../store/artists.js';
import { listAuditEntries } from '../../../store/audit-log.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { testTemporal, type TestTemporal } from '../../support/temporal.js';

let now = new Date('2026-05-20T12:00:00.000Z');
let site: TestSite;
let temporal: TestTemporal;
const ui = { uiUrl: 'http://localhost:8233', namespace: 'default' };

beforeAll(async () => {
  temporal = await testTemporal();
  site = await createTestSite({
    environment: { HTTP_AUTH: 'none' },
    now: () => now,
    operations: (scope) => {
      const { pool } = site.deps.servicesFor(scope);
      const starter = createRunStarter({ client: temporal.client, pool, ui, queuePrefix: '' });
      return Promise.resolve({
        client: temporal.client,
        starter,
        backfills: { pool, client: temporal.client, starter, clock: site.deps.clock, sourceFor: noSource },
      });
    },
  });
});
afterAll(async () => {
  await site.close();
  await temporal.close();
});

function noSource(): never {
  throw new Error('nothing is collected here');
}

interface Answer {
  status: number;
  body: { data: never; status?: unknown; detail?: string; errors?: { pointer: string }[] };
  headers: Record<string, unknown>;
}

async function call(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = { 'content-type': 'application/json' };
  const answer = await site.app.inject({
    method,
    url,
    headers: { host: 'localhost:8000', ...(payload === undefined ? {} : type), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json<Answer['body']>(), headers: answer.headers };
}

describe('the calls that stand in people’s scripts', () => {
  it('work to the letter', async () => {
    const tracked = await call(
      'POST',
      '/analytics/engagement/track',
      '{"content_id": "content-123", "platform": "youtube", "metrics": {"views": 1500, "likes": 120, "engagement_rate": 0.085}}',
    );
    expect(tracked.status).toBe(200);
    expect(tracked.body).toEqual({ data: { snapshot_id: expect.stringMatching(/./) as string } });
    const overview = await call('GET', '/analytics/dashboard/overview?timeframe=30d');
    expect(overview.status).toBe(200);
    expect(overview.body.data).toMatchObject({ timeframe: '30d', total_content_pieces: 1 });
    const insights = await call(
      'POST',
      '/analytics/platform/insights',
      '{"platform": "youtube", "timeframe": "30d"}',
    );
    expect(insights.status).toBe(200);
    expect(insights.body.data).toMatchObject({ platform: 'youtube', content_pieces: 1, insights: [] });
  });
});

describe('the specification’s own checks over HTTP', () => {
  it('pass', async () => {
    const metrics = { views: 1000, likes: 50, engagement_rate: 0.05 };
    const tracked = await call('POST', '/analytics/engagement/track', {
      content_id: 'spec',
      platform: 'youtube',
      metrics,
    });
    expect((tracked.body.data as { snapshot_id: string }).snapshot_id).not.toBe('');
    const analysis = await call('POST', '/analytics/content/analyze', {
      content_id: 'spec',
      analysis_type: 'trend',
    });
    const { trends } = analysis.body.data as { trends: { analysis: null; reason: string }[] };
    expect(trends.length).toBeGreaterThan(0);
    for (const { analysis: found, reason } of trends) {
      expect(found).toBeNull();
      expect(reason).toMatch(/more days/);
    }
    const overview = await call('GET', '/analytics/dashboard/overview?timeframe=7d');
    expect(
      (overview.body.data as { total_content_pieces: number }).total_content_pieces,
    ).toBeGreaterThanOrEqual(1);
    const found = await call('POST', '/analytics/optimization/recommendations', {});
    expect(found.body.data).toEqual([]);
  });
});

describe('tracking', () => {
  it('reads platforms in any case, and x for twitter', async () => {
    for (const platform of ['YouTube', ' TIKTOK ', 'x', 'X']) {
      const body = { content_id: `of-${platform}`, platform, metrics: { views: 1 } };
      expect((await call('POST', '/analytics/engagement/track', body)).status, platform).toBe(200);
    }
    const latest = await call('GET', '/analytics/realtime/metrics/of-x');
    expect(latest.body.data).toMatchObject({ platform: 'twitter' });
  });

  it('names the field that is wrong', async () => {
    const good = { content_id: 'c', platform: 'youtube', metrics: { views: 1 } };
    const cases: [object | string, string][] = [
      [{ ...good, metrics: {} }, '/metrics'],
      [{ ...good, metrics: { views: '1' } }, '/metrics/views'],
      ['{"content_id":"c","platform":"youtube","metrics":{"views":1e999}}', '/metrics/views'],
      [{ ...good, platform: 'myspace' }, '/platform'],
      [{ ...good, content_id: ' ' }, '/content_id'],
      [{ ...good, metric: { views: 1 } }, '/metric'],
      [{ platform: 'youtube', metrics: { views: 1 } }, '/content_id'],
    ];
    for (const [body, pointer] of cases) {
      const { status, body: told } = await call('POST', '/analytics/engagement/track', body);
      expect(status, pointer).toBe(400);
      expect(told.errors?.map((error) => error.pointer)).toContain(pointer);
    }
  });

  it('keeps what is right in a batch and tells of the rest', async () => {
    const items = [
      { content_id: 'batch-1', platform: 'youtube', metrics: { views: 5 } },
      { content_id: 'batch-2', platform: 'nowhere', metrics: { views: 5 } },
      { content_id: 'batch-3', platform: 'tiktok', metrics: { views: 5 }, metadata: { by: 'hand' } },
      17,
    ];
    const { status, body } = await call('POST', '/analytics/engagement/batch-track', { items });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      accepted: 2,
      snapshot_ids: [expect.stringContaining('batch-1'), expect.stringContaining('batch-3')],
      rejected: [{ index: 1, reason: expect.stringContaining('platform') as string }, { index: 3 }],
    });
    const tooMany = await call('POST', '/analytics/engagement/batch-track', { items: Array(10_001).fill(0) });
    expect(tooMany.status).toBe(400);
    expect(tooMany.body.errors?.[0]?.pointer).toBe('/items');
  });
});

describe('reading', () => {
  it('tells the latest figures with their age and lag', async () => {
    await call('POST', '/analytics/engagement/track', {
      content_id: 'rt',
      platform: 'linkedin',
      metrics: { views: 10, likes: 1 },
    });
    now = new Date(now.getTime() + 90_000);
    const metrics = await call('GET', '/analytics/realtime/metrics/rt');
    expect(metrics.body.data).toMatchObject({
      content_id: 'rt',
      timestamp: '2026-05-20T12:00:00.000Z',
      metrics: { views: 10, likes: 1 },
      age_seconds: 90,
      lag_seconds: 0,
    });
    await call('POST', '/analytics/engagement/track', {
      content_id: 'rt-2',
      platform: 'linkedin',
      metrics: { views: 7 },
    });
    await call('POST', '/analytics/engagement/track', {
      content_id: 'rt',
      platform: 'linkedin',
      metrics: { views: 12 },
    });
    const platform = await call('GET', '/analytics/realtime/platform-metrics/LinkedIn');
    expect(platform.body.data).toMatchObject({
      platform: 'linkedin',
      total_content_pieces: 2,
      // The push that named views alone hides no likes.
      metrics: { views: 19, likes: 1 },
      age_seconds: 0,
    });
    expect((await call('GET', '/analytics/realtime/metrics/never')).status).toBe(404);
    expect((await call('GET', '/analytics/realtime/platform-metrics/spotify')).status).toBe(404);
    expect((await call('GET', '/analytics/realtime/platform-metrics/myspace')).status).toBe(400);
  });

  it('analyses, compares and lists', async () => {
    const whole = await call('POST', '/analytics/content/analyze', { content_id: 'content-123' });
    expect(whole.body.data).toMatchObject({
      analysis_type: 'comprehensive',
      summary: { platform: 'youtube' },
    });
    const compared = await call('POST', '/analytics/content/compare', {
      content_ids: ['content-123', 'rt'],
      metrics: ['views', 'performance_score'],
    });
    expect(compared.body.data).toMatchObject({
      contents: [
        { content_id: 'content-123', metrics: { views: 1500, performance_score: null } },
        { content_id: 'rt', metrics: { views: 12, performance_score: null } },
      ],
    });
    const trending = await call('GET', '/analytics/dashboard/trending');
    expect(trending.status).toBe(200);
    expect(Array.isArray(trending.body.data)).toBe(true);
    expect((await call('GET', '/analytics/dashboard/trending?limit=0')).body.errors?.[0]?.pointer).toBe(
      '/limit',
    );
    expect(
      (await call('GET', '/analytics/dashboard/overview?timeframe=LAST_7_DAYS')).body.data,
    ).toMatchObject({
      timeframe: '7d',
    });
    expect((await call('GET', '/analytics/dashboard/overview?timeframe=2w')).status).toBe(400);
    const status = await call('GET', '/analytics/system/status');
    expect(status.body.data).toMatchObject({
      database: { connected: true },
      cache: { size: expect.any(Number) as number },
      configuration: { supported_platforms: expect.arrayContaining(['youtube', 'spotify']) as string[] },
    });
    const health = await call('GET', '/analytics/health');
    expect(health.body.data).toMatchObject({ status: 'ok', version: '1.0.0' });
  });
});

describe('recalculating', () => {
  it('answers 202 with the run’s place, one run an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'again-1' };
    const first = await call('POST', '/analytics/admin/recalculate', { content_ids: ['content-123'] }, key);
    expect(first.status).toBe(202);
    const run = first.body.data as { workflow_id: string; run_id: string; url: string };
    expect(run.workflow_id).toMatch(/^analyze\/http\/[0-9a-f]{24}$/);
    expect(first.headers['location']).toBe(run.url);
    const description = await temporal.client.workflow.getHandle(run.workflow_id).describe();
    expect(description.type).toBe('analyzePerformance');
    const second = await call('POST', '/analytics/admin/recalculate', { content_ids: ['content-123'] }, key);
    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true', location: run.url });
    const other = await call('POST', '/analytics/admin/recalculate', undefined);
    expect((other.body.data as { workflow_id: string }).workflow_id).not.toBe(run.workflow_id);
    expect((await call('POST', '/analytics/admin/recalculate', { content_ids: ['never'] })).status).toBe(404);
  });

  it('keeps a limited key to its artist', async () => {
    const { pool } = site.database;
    const { id } = await addArtist(pool, 'One');
    const { id: otherId } = await addArtist(pool, 'Two');
    const one = await site.keyHeader('admin', [id]);
    const run = await call('POST', '/analytics/admin/recalculate', {}, one);
    expect(run.status).toBe(202);
    const both = await site.keyHeader('admin', [id, otherId]);
    expect((await call('POST', '/analytics/admin/recalculate', {}, both)).status).toBe(422);
    expect(
      (await call('POST', '/analytics/admin/recalculate', { content_ids: ['content-123'] }, one)).status,
    ).toBe(404);
  });
});

describe('cleaning up', () => {
  it('counts, removes on demand, and leaves each content its latest', async () => {
    const { pool } = site.database;
    const track = (views: number) =>
      call('POST', '/analytics/engagement/track', {
        content_id: 'old',
        platform: 'youtube',
        metrics: { views },
      });
    const before = now;
    now = new Date('2024-01-01T00:00:00Z');
    await track(1);
    now = new Date('2024-01-02T00:00:00Z');
    await track(2);
    now = before;
    const counted = await call('DELETE', '/analytics/admin/cleanup?dry_run=true');
    expect(counted.body.data).toMatchObject({ retention_days: 365, dry_run: true, removed_snapshots: 1 });
    const removed = await call('DELETE', '/analytics/admin/cleanup?retention_days=100');
    expect(removed.body.data).toMatchObject({ retention_days: 100, dry_run: false, removed_snapshots: 1 });
    const { rows } = await pool.query<{ views: number }>(
      `select s.views from engagement_snapshots s join contents c on c.id = s.content_id where c.content_key = 'old'`,
    );
    expect(rows).toEqual([{ views: 2 }]);
    expect((await call('DELETE', '/analytics/admin/cleanup?retention_days=0')).status).toBe(400);
    const limited = await site.keyHeader('admin', [1]);
    expect((await call('DELETE', '/analytics/admin/cleanup', undefined, limited)).status).toBe(403);
  });
});

describe('the webhook', () => {
  const body = JSON.stringify({
    content_id: 'hooked',
    statistics: { viewCount: '200', likeCount: 15, commentCount: '5' },
  });

  it('answers barely, works the rate out and says where it came from', async () => {
    const { status, body: told } = await call('POST', '/webhook/youtube', body);
    expect(status).toBe(200);
    expect(told).toEqual({ status: 'processed' });
    const { body: latest } = await call('GET', '/analytics/realtime/metrics/hooked');
    expect(latest.data).toMatchObject({
      metrics: { views: 200, likes: 15, comments: 5, engagement_rate: 0.1 },
      metadata: { source: 'webhook' },
    });
    const odd = await call('POST', '/webhook/youtube', {
      content_id: 'hooked',
      statistics: { viewCount: 'many' },
    });
    expect(odd.body.errors?.[0]?.pointer).toBe('/statistics/viewCount');
    const actions = (await listAuditEntries(site.database.pool)).map(({ action }) => action);
    expect(actions).toContain('POST /webhook/youtube');
    // A question that is sent by POST is no write.
    expect(actions).not.toContain('POST /analytics/platform/insights');
  });

  it('is signed beyond loopback', async () => {
    const far = await createTestSite({ environment: { HTTP_HOST: '0.0.0.0' } });
    try {
      const answer = await far.app.inject({
        method: 'POST',
        url: '/webhook/youtube',
        headers: { 'content-type': 'application/json' },
        payload: body,
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.json<{ detail: string }>().detail).toContain('WEBHOOK_SECRET');
    } finally {
      await far.close();
    }
  });

  it('is refused unsigned, changed or old once a secret is set, and tracked once', async () => {
    const secret = 'a secret of the webhook';
    const signed = await createTestSite({ environment: { WEBHOOK_SECRET: secret }, now: () => now });
    try {
      const send = async (at: Date, sent: string, signedBody = sent, by = secret): Promise<number> => {
        const timestamp = String(Math.floor(at.getTime() / 1_000));
        const signature = createHmac('sha256', by).update(`${timestamp}.${signedBody}`).digest('hex');
        const answer = await signed.app.inject({
          method: 'POST',
          url: '/webhook/youtube',
          headers: {
            'content-type': 'application/json',
            'x-tidemark-timestamp': timestamp,
            'x-tidemark-signature': `sha256=${signature}`,
          },
          payload: sent,
        });
        return answer.statusCode;
      };
      const snapshots = async (): Promise<number> => {
        const { rows } = await signed.database.pool.query<{ count: number }>(
          'select count(*)::int as count from engagement_snapshots',
        );
        return rows[0]!.count;
      };
      const bare = {
        method: 'POST',
        url: '/webhook/youtube',
        headers: { 'content-type': 'application/json' },
      } as const;
      expect((await signed.app.inject({ ...bare, payload: body })).statusCode).toBe(401);
      expect(await send(now, body.replace('200', '900'), body)).toBe(401);
      expect(await send(now, body, body, 'another secret')).toBe(401);
      expect(await send(new Date(now.getTime() - 301_000), body)).toBe(401);
      expect(await send(new Date(now.getTime() + 301_000), body)).toBe(401);
      expect(await snapshots()).toBe(0);
      const sentAt = now;
      expect(await send(sentAt, body)).toBe(200);
      expect(await snapshots()).toBe(1);
      now = new Date(now.getTime() + 60_000);
      expect(await send(sentAt, body)).toBe(200);
      expect(await snapshots()).toBe(1);
      // Signed anew, it is another delivery.
      expect(await send(now, body)).toBe(200);
      expect(await snapshots()).toBe(2);
    } finally {
      await signed.close();
    }
  });
});
