/** The API asked by its own description, in all phases, by everybody: no server error and no answer that it does not tell. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunStarter } from '../../operations/run-starter.js';
import { addArtist } from '../../store/artists.js';
import { createTestSite, type TestSite } from '../support/site.js';
import { testTemporal, type TestTemporal } from '../support/temporal.js';
import { writeEvidence } from './evidence.js';
import { installSchemathesis, runSchemathesis } from './schemathesis.js';

const examples = Number(process.env['PROVE_EXAMPLES'] ?? 100);
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
    operations: (scope) => {
      const { pool } = site.deps.servicesFor(scope);
      const starter = createRunStarter({ client, pool, ui, queuePrefix: '' });
      const sourceFor = (): never => {
        throw new Error('nothing is collected in this proof');
      };
      return Promise.resolve({
        client,
        starter,
        backfills: { pool, client, starter, clock: site.deps.clock, sourceFor },
      });
    },
  });
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site.close();
  await temporal.close();
});

it('neither fails nor answers what is not described, whoever asks', async () => {
  const { id: artistId } = await addArtist(site.database.pool, 'An artist');
  const callers: Record<string, Record<string, string>> = {
    nobody: {},
    viewer: await site.keyHeader('viewer'),
    analyst: await site.keyHeader('analyst'),
    operator: await site.keyHeader('operator'),
    'limited admin': await site.keyHeader('admin', [artistId]),
    admin: await site.keyHeader('admin'),
  };
  const found: Record<string, string> = {};
  const cases: Record<string, number> = {};
  const startedAt = performance.now();
  for (const [name, headers] of Object.entries(callers)) {
    const { passed, output } = await runSchemathesis(program, { url, headers, examples, seed });
    cases[name] = Number(/(\d[\d,]*) generated/.exec(output)?.[1]?.replaceAll(',', '') ?? 0);
    if (!passed) found[name] = output;
  }
  expect(found).toEqual({});
  for (const [name, count] of Object.entries(cases)) expect(count, name).toBeGreaterThan(100);
  const total = Object.values(cases).reduce((sum, count) => sum + count, 0);
  await writeEvidence(site.database.pool, {
    name: 'api-by-description',
    finding: `Schemathesis, all phases, over the API’s own description by ${Object.keys(callers).length} callers: ${total} requests, no server error, no answer that is not described.`,
    figures: { cases, examples, seed, seconds: Math.round((performance.now() - startedAt) / 1_000) },
  });
});
