import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upsertAccount } from '../../../store/accounts.js';
import { addArtist } from '../../../store/artists.js';
import { listPlans } from '../../../store/backfill-plans.js';
import { beginRun, failRun, finishRun } from '../../../store/runs.js';
import { sandboxCredentials } from '../../../sandbox/credentials.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';

const now = new Date('2026-03-04T12:00:00Z');

let site: TestSite;
let pool: Pool;
let operator: PageVisitor;
let viewer: PageVisitor;
beforeAll(async () => {
  site = await createTestSite({
    now: () => now,
    environment: {
      YOUTUBE_API_KEY: sandboxCredentials.google.apiKey,
      DAILY_ANALYSIS_AT: '04:30',
      DAILY_ANALYSIS_TIME_ZONE: 'Asia/Kolkata',
    },
  });
  pool = ownerPool(site);
  operator = await visitAs(site, 'operator');
  viewer = await visitAs(site, 'viewer');
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

describe('while Temporal is away', () => {
  it('the pages say what there is to do before anything ran', async () => {
    expect((await viewer.get('/runs')).body).toContain('Nothing has run yet');
    const backfills = await viewer.get('/backfills');
    expect(backfills.body).toContain('There is no account to collect from yet');
    expect(backfills.body).toContain('No backfill has been planned yet');
  });

  it('the ledger is shown, page by page, filtered and empty', async () => {
    const artist = await addArtist(pool, 'Ours');
    const account = await upsertAccount(pool, {
      ...{ platform: 'youtube', name: 'main', artistId: artist.id, externalId: 'UCx' },
      reports: ['counters', 'daily'],
    });
    for (let i = 0; i < 52; i += 1) {
      const startedAt = new Date(now.getTime() - (60 - i) * 60_000);
      const runId = await beginRun(pool, {
        ...{ kind: 'collect', workflowId: `collect/youtube/main/${i}`, temporalRunId: `t${i}`, startedAt },
        ...{ platform: 'youtube', accountId: account.id, report: 'counters' },
      });
      const finishedAt = new Date(startedAt.getTime() + 1_500);
      if (i === 0)
        await failRun(pool, runId, { kind: 'auth', message: 'The key was <b>refused</b>', finishedAt });
      else if (i < 51)
        await finishRun(pool, runId, {
          state: i === 1 ? 'partial' : 'succeeded',
          counts: { inserted: 1_234, updated: 0, unchanged: 0, stale: 0, quarantined: i === 1 ? 3 : 0 },
          warnings: i === 1 ? ['One video is private'] : [],
          finishedAt,
        });
    }
    const first = await viewer.get('/runs');
    expect(first.body).toContain('50 runs');
    expect(first.body).toContain('1,234');
    const earlier = /href="(\/runs\?[^"]*before=[^"]+)"/.exec(first.body)![1]!.replaceAll('&amp;', '&');
    const second = await viewer.get(earlier);
    expect(second.body).toContain('2 runs');
    expect(second.body).toContain('collect/youtube/main/0');
    expect((await viewer.get('/runs?state=failed&kind=&platform=')).body).toContain('1 run,');
    expect((await viewer.get('/runs?platform=spotify')).body).toContain('No run matches');
    expect((await viewer.get('/runs?state=odd')).statusCode).toBe(400);
  });

  it('a run shows its failure with the mend, its counts and warnings, and what cannot be told now', async () => {
    const failed = await viewer.get('/runs/1');
    expect(failed.statusCode).toBe(200);
    expect(failed.body).toContain('The key was &lt;b>refused&lt;/b>');
    expect(failed.body).toContain('Renew the credential');
    expect(failed.body).toContain('What Temporal knows of it cannot be shown now');
    expect(failed.body).toContain('/namespaces/default/workflows/collect%2Fyoutube%2Fmain%2F0/t0/history');
    const partial = await viewer.get('/runs/2');
    expect(partial.body).toContain('One video is private');
    expect(partial.body).toContain('quarantined');
    expect((await viewer.get('/runs/999')).statusCode).toBe(404);
  });

  it('schedules are told in words with their zone, and an action is refused for the reason', async () => {
    const page = await viewer.get('/schedules');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Every 15 minutes');
    expect(page.body).toContain('Daily at 04:30 Asia/Kolkata');
    expect(page.body).toContain('nothing can be paused, resumed or triggered');
    const refused = await operator.post('/schedules/tick/pause', { reason: 'maintenance' });
    expect(refused.statusCode).toBe(503);
    expect(refused.body).toContain('What is declared stands below');
    expect((await viewer.post('/schedules/tick/pause', { reason: 'maintenance' })).statusCode).toBe(403);
  });

  it('a backfill is previewed with its days, reasons and cost, and neither kept nor started', async () => {
    const range = 'account=youtube/main&report=counters&from=2026-03-01&to=2026-03-06';
    const page = await operator.get(`/backfills/new?${range}&mode=missing&order=oldest&concurrency=2`);
    expect(page.statusCode).toBe(200);
    // The source answers for now alone: today can be collected, and nothing before or after.
    expect(page.body).toContain('3 the source answers for now only');
    expect(page.body).toContain('2 in the future');
    expect(page.body).toContain('1 day to be collected, 5 days left out');
    expect(page.body).toContain(
      'tidemark backfill start --platform youtube --account main --report counters --from 2026-03-01 --to 2026-03-07 --mode missing --concurrency 2 --reverse --wait',
    );
    expect(page.body).toContain('It cannot be started now');
    expect(page.body).not.toContain('action="/backfills"');
    const refused = await operator.post('/backfills', {
      ...{ account: 'youtube/main', report: 'counters', from: '2026-03-01', to: '2026-03-06' },
      ...{ mode: 'missing', order: 'oldest', concurrency: '2' },
    });
    expect(refused.statusCode).toBe(503);
    expect(await listPlans(pool)).toEqual([]);
    expect((await operator.get('/backfills/1')).statusCode).toBe(404);
  });

  it('a range that is none, an unknown account and a report that is not given are told on the form', async () => {
    const back = await operator.get(
      '/backfills/new?account=youtube/main&report=counters&from=2026-03-06&to=2026-03-01',
    );
    expect(back.statusCode).toBe(400);
    expect(back.body).toContain('is no range of days');
    expect(back.body).toContain('value="2026-03-06"');
    const report = await operator.get(
      '/backfills/new?account=youtube/main&report=daily&from=2026-03-01&to=2026-03-02',
    );
    expect(report.statusCode).toBe(409);
    expect(report.body).toContain('gives no daily report under this credential');
    const unknown = '/backfills/new?account=youtube/other&report=counters&from=2026-03-01&to=2026-03-02';
    expect((await operator.get(unknown)).statusCode).toBe(404);
  });
});
