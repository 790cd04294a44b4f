/** What the site tells of runs while no worker is there: what the ledger knows, soon, and not a wait in vain. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunStarter } from '../../../operations/run-starter.js';
import { createSourceFor } from '../../../sources/configured-sources.js';
import { ownerPool, visitAs } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { testTemporal, type TestTemporal } from '../../support/temporal.js';
import { seedTenant } from '../sql/tenants.js';

let temporal: TestTemporal;
let site: TestSite;
let planId: number;
beforeAll(async () => {
  temporal = await testTemporal();
  const { client, uiUrl, namespace } = temporal;
  const starterOf = (pool: TestSite['database']['pool']) =>
    createRunStarter({ client, pool, ui: { uiUrl, namespace }, queuePrefix: '' });
  site = await createTestSite({
    operations(scope) {
      const { pool } = site.deps.servicesFor(scope);
      const starter = starterOf(pool);
      const sourceFor = createSourceFor(site.deps.configuration);
      const backfills = { pool, client, starter, clock: site.deps.clock, sourceFor };
      return Promise.resolve({ client, starter, backfills });
    },
  });
  const owner = ownerPool(site);
  const { own } = await seedTenant(owner, 'an artist');
  planId = Number([...own['plan_id']!][0]);
  await starterOf(owner).backfill({ planId, concurrency: 1 });
  await owner.end();
});
afterAll(async () => {
  await site.close();
  await temporal.close();
});

it('tells of a backfill that nobody works on', async () => {
  const answer = await site.app.inject({
    url: `/api/v1/backfills/${String(planId)}`,
    headers: await site.keyHeader('viewer'),
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    data: { progress: { planned: 1, done: 0, state: 'running', parked_until: null } },
  });
  const visitor = await visitAs(site, 'viewer');
  expect((await visitor.get(`/backfills/${String(planId)}`)).statusCode).toBe(200);
}, 15_000);
