/** Under a key limited to one artist nothing of another's is changed by any route, whatever it is told. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunStarter } from '../../../operations/run-starter.js';
import { ownerPool, visitAs } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { testTemporal, type TestTemporal } from '../../support/temporal.js';
import { createSourceFor } from '../../../sources/configured-sources.js';
import { placesOfAll, type Places } from '../sql/tenant-attacks.js';
import { seedTenant, type Tenant } from '../sql/tenants.js';
import { foreignWrites, type ForeignWrite } from './foreign-writes.js';

let temporal: TestTemporal;
let site: TestSite;
let owner: pg.Pool;
let own: Tenant;
let other: Tenant;
/** The other artist's rows. */
let foreign: Places;
let writes: Record<string, ForeignWrite | null>;
beforeAll(async () => {
  temporal = await testTemporal();
  const { client, uiUrl, namespace } = temporal;
  site = await createTestSite({
    environment: { YOUTUBE_API_KEY: 'of-nobody' },
    operations(scope) {
      const { pool } = site.deps.servicesFor(scope);
      const starter = createRunStarter({ client, pool, ui: { uiUrl, namespace }, queuePrefix: '' });
      const sourceFor = createSourceFor(site.deps.configuration);
      return Promise.resolve({
        ...{ client, starter },
        backfills: { pool, client, starter, clock: site.deps.clock, sourceFor },
      });
    },
  });
  owner = ownerPool(site);
  own = await seedTenant(owner, 'zq1 first');
  const already = await places();
  other = await seedTenant(owner, 'zq2 second');
  foreign = new Map();
  for (const [table, rows] of await places())
    foreign.set(table, new Map([...rows].filter(([place]) => already.get(table)?.has(place) !== true)));
  writes = await foreignWrites(owner, other);
});
afterAll(async () => {
  await owner.end();
  await site.close();
  await temporal.close();
});

async function places(): Promise<Places> {
  const client = await owner.connect();
  try {
    return await placesOfAll(client);
  } finally {
    client.release();
  }
}

/** Tables in which a row of the other artist is no longer as it was. */
async function damaged(): Promise<string[]> {
  const now = await places();
  return [...foreign]
    .filter(([table, rows]) => [...rows.keys()].some((place) => !now.get(table)!.has(place)))
    .map(([table]) => table);
}

/** Every routed write with the status that it was answered by, sent for an artist. */
async function sendAll(artistId: number, only?: (route: string) => boolean): Promise<Record<string, number>> {
  const headers = await site.keyHeader('admin', [artistId]);
  const visitor = await visitAs(site, 'admin', [artistId]);
  const statuses: Record<string, number> = {};
  for (const { method, url, scope, isPage } of site.app.takenRoutes) {
    const route = `${method} ${url}`;
    if (['GET', 'HEAD'].includes(method) || scope === 'public' || only?.(route) === false) continue;
    const write = writes[route];
    if (write === null) continue;
    if (write === undefined) throw new Error(`Say in foreign-writes.ts what ${route} is to touch`);
    const answer = isPage
      ? await visitor.post(write.url, write.body as Record<string, string>)
      : await site.app.inject({ method: method as 'POST', url: write.url, headers, payload: write.body });
    statuses[route] = answer.statusCode;
  }
  return statuses;
}

it('is refused, or does nothing to them, by every route that writes', async () => {
  const statuses = await sendAll(own.artistId);
  expect(Object.keys(statuses).length).toBeGreaterThan(50);
  expect(await damaged()).toEqual([]);
  const notRefused = Object.entries(statuses).filter(([, status]) => ![403, 404].includes(status));
  expect(Object.fromEntries(notRefused)).toEqual({
    // Reads, and of its own alone.
    'POST /analytics/platform/insights': 200,
    // A form with a file; such a key is refused it too.
    'POST /api/v1/imports': 415,
  });
});

it('would be found out with the policies of what is written open to all', async () => {
  for (const table of ['optimization_insights', 'annotations'])
    await owner.query(`alter table ${table} disable row level security`);
  try {
    const touched = new Set(['POST /api/v1/insights/:id/dismiss', 'DELETE /api/v1/annotations/:id']);
    await sendAll(own.artistId, (route) => touched.has(route));
    expect(await damaged()).toEqual(expect.arrayContaining(['annotations', 'optimization_insights']));
  } finally {
    for (const table of ['optimization_insights', 'annotations'])
      await owner.query(`alter table ${table} enable row level security`);
  }
});

it('would be done for whom it belongs to, by nearly all of them', async () => {
  const statuses = await sendAll(other.artistId);
  const done = Object.values(statuses).filter((status) => status < 400);
  expect(done.length, JSON.stringify(statuses)).toBeGreaterThan(25);
  expect((await damaged()).length).toBeGreaterThan(2);
});
