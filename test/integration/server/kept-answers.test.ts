/** Pages and series are kept until something is written, by whatever process. */
import { pino } from 'pino';
import type { Pool } from 'pg';
import { afterEach, expect, it } from 'vitest';
import { addArtist } from '../../../store/artists.js';
import { listenForChanges, type ChangeListener } from '../../../store/change-listener.js';
import { addRelease } from '../../../store/releases.js';
import { eventually } from '../../support/eventually.js';
import { ownerPool } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

const now = new Date('2026-03-04T12:00:00Z');
const environment = { CACHE_TTL_SECONDS: '300' };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

interface Kept {
  site: TestSite;
  /** With its owner's rights, past the site. */
  pool: Pool;
  releaseId: number;
  headers: { authorization: string };
}

async function keptSite(changes?: (databaseUrl: string) => ChangeListener): Promise<Kept> {
  const site = await createTestSite({ now: () => now, environment, ...(changes && { changes }) });
  closers.push(() => site.close());
  const pool = ownerPool(site);
  closers.push(() => pool.end());
  const { id: artistId } = await addArtist(pool, 'Ours');
  const { id } = await addRelease(pool, {
    artistId,
    title: 'Ebb',
    state: 'approved',
    releasedOn: '2026-01-01',
  });
  return { site, pool, releaseId: id, headers: await site.keyHeader('admin') };
}

const paths = (releaseId: number): string[] => [
  '/',
  '/releases',
  `/releases/${String(releaseId)}?metric=views`,
  '/trending',
  `/api/v1/releases/${String(releaseId)}/series?metric=views`,
];

async function bodies({ site, releaseId, headers }: Kept): Promise<string[]> {
  return Promise.all(
    paths(releaseId).map(async (url) => {
      const { statusCode, body } = await site.app.inject({
        url,
        headers: { ...headers, accept: 'text/html' },
      });
      expect(statusCode).toBe(200);
      // Each showing of a form has a name of its own.
      return body.replace(/name="_form" value="[^"]*"/g, '');
    }),
  );
}

const writeTwoDays = `
  with c as (
    insert into contents (content_key, platform, external_id, title, release_id)
    values ('youtube:a', 'youtube', 'a', 'Ebb', $1) returning id)
  insert into content_performance_history (content_id, day, basis, final, views)
  select c.id, d.day::date, 2, true, 77
  from c cross join (values ('2026-02-23'), ('2026-02-24')) as d (day)`;

it('forgets what another process has made old', async () => {
  let listener: ChangeListener | null = null;
  const kept = await keptSite((databaseUrl) => {
    listener = listenForChanges({ databaseUrl, logger: pino({ level: 'silent' }) });
    return listener;
  });
  closers.push(() => listener!.close());
  // Nothing is kept until changes are heard of.
  await eventually(async () => {
    await bodies(kept);
    return kept.site.deps.servicesFor('all').cache.stats().cache_size > 0;
  });
  const before = await bodies(kept);
  await kept.pool.query(writeTwoDays, [kept.releaseId]);
  await kept.pool.query(`update releases set title = 'Flood' where id = $1`, [kept.releaseId]);
  await eventually(async () => {
    const after = await bodies(kept);
    return after.every((body, index) => body !== before[index]);
  });
});

it('would not know of it without hearing of changes', async () => {
  const kept = await keptSite();
  const before = await bodies(kept);
  await kept.pool.query(writeTwoDays, [kept.releaseId]);
  expect(await bodies(kept)).toEqual(before);
  expect(kept.site.deps.servicesFor('all').cache.stats().hits).toBeGreaterThanOrEqual(paths(1).length);
});

it('shows to whoever wrote through it what was written', async () => {
  const kept = await keptSite();
  const before = await bodies(kept);
  const payload = { release_id: kept.releaseId, platform: 'youtube', metric_name: 'views', metric_value: 7 };
  const { statusCode } = await kept.site.app.inject({
    method: 'POST',
    url: '/api/v1/performance-records',
    headers: kept.headers,
    payload,
  });
  expect(statusCode).toBe(201);
  const after = await bodies(kept);
  expect(after[2]).not.toBe(before[2]);
});
