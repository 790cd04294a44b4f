/** The API asked by its own description, in all phases, by everybody: no server error and no answer that it does not tell. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applySchedules } from '../../operations/schedules.js';
import { createRunStarter } from '../../operations/run-starter.js';
import { createSourceFor } from '../../sources/configured-sources.js';
import { seedTenant, type Tenant } from '../integration/sql/tenants.js';
import { ownerPool } from '../support/page-visitor.js';
import { createTestSite, type TestSite } from '../support/site.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { writeEvidence } from './evidence.js';
import { examplesFor } from './api-examples.js';
import { installSchemathesis, runSchemathesis } from './schemathesis.js';

const examples = Number(process.env['PROVE_EXAMPLES'] ?? 20);
const seed = 20_260_520;

let site: TestSite;
let temporal: TestTemporal;
let url: string;
let program: string;
beforeAll(async () => {
  program = await installSchemathesis();
  temporal = await testTemporal();
  const { client } = temporal;
  const ui = { uiUrl: temporal.uiUrl, namespace: temporal.namespace };
  site = await createTestSite({
    // Plans backfills with it; without a worker nothing is asked of the platform.
    environment: { YOUTUBE_API_KEY: 'of-nobody' },
    operations: (scope) => {
      const { pool } = site.deps.servicesFor(scope);
      const starter = createRunStarter({ client, pool, ui, queuePrefix: '' });
      return Promise.resolve({
        client,
        starter,
        backfills: {
          pool,
          client,
          starter,
          clock: site.deps.clock,
          sourceFor: createSourceFor(site.deps.configuration),
        },
      });
    },
  });
  const schedules = { dailyAnalysisAt: '02:00', zone: 'UTC', queuePrefix: '', now: new Date() };
  await applySchedules(client, schedules, () => ({ paused: true, reason: 'Nothing runs in this proof' }));
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site.close();
  await temporal.close();
});

/** Two artists with a row in every table, so that what is answered is more than empty lists. */
async function arrive(): Promise<Tenant> {
  const owner = ownerPool(site);
  try {
    const tenant = await seedTenant(owner, 'first artist');
    await seedTenant(owner, 'second artist');
    await owner.query('select refresh_rollups()');
    return tenant;
  } finally {
    await owner.end();
  }
}

async function countOperations(): Promise<number> {
  const { paths } = (await (await fetch(`${url}/docs/json`)).json()) as { paths: Record<string, object> };
  return Object.values(paths).reduce((sum, operations) => sum + Object.keys(operations).length, 0);
}

it('neither fails nor answers what is not described, whoever asks', async () => {
  const tenant = await arrive();
  const known = examplesFor(tenant);
  const callers: Record<string, Record<string, string>> = {
    nobody: {},
    viewer: await site.keyHeader('viewer'),
    analyst: await site.keyHeader('analyst'),
    operator: await site.keyHeader('operator'),
    'limited admin': await site.keyHeader('admin', [tenant.artistId]),
    admin: await site.keyHeader('admin'),
  };
  const found: Record<string, string> = {};
  const cases: Record<string, number> = {};
  const described = await countOperations();
  const startedAt = performance.now();
  for (const [name, headers] of Object.entries(callers)) {
    const asked = { url, headers, examples, seed, known };
    const { passed, output, operations, generated } = await runSchemathesis(program, asked);
    cases[name] = generated;
    if (!passed) found[name] = output;
    else expect(operations, output).toBe(described);
  }
  expect(found).toEqual({});
  for (const [name, count] of Object.entries(cases)) expect(count, name).toBeGreaterThan(100);
  const total = Object.values(cases).reduce((sum, count) => sum + count, 0);
  await writeEvidence(site.database.pool, {
    name: 'api-by-description',
    finding: `Schemathesis, all phases, over the API’s own ${described} operations by ${Object.keys(callers).length} callers, with rows of two artists: ${total} cases, no server error, no answer that is not described.`,
    figures: {
      operations: described,
      cases,
      examples,
      seed,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    },
  });
});
