/** Under a key limited to one artist no reading tells anything of another: not a value, not a title, not a count. */
import { openPool } from '../../support/databases.js';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TakenRoute } from '../../../server/api/methods.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { seedTenant, type Tenant } from '../sql/tenants.js';

let site: TestSite;
/** The site's own connections act as the application's role. */
let owner: pg.Pool;
beforeAll(async () => {
  site = await createTestSite({
    now: () => new Date('2026-02-01T12:00:00Z'),
    environment: { CACHE_TTL_SECONDS: '0' },
  });
  owner = openPool({ connectionString: site.database.url, max: 2 });
});
afterAll(async () => {
  await owner.end();
  await site.close();
});

const idOf =
  (column: string) =>
  ({ own }: Tenant): string =>
    String([...own[column]!].find((id) => typeof id === 'number'));
const nameOf = ({ name }: Tenant): string => encodeURIComponent(name);

/** What stands in an address for a tenant; a new route with a parameter has to be decided about. */
const parameters: Readonly<Record<string, (tenant: Tenant) => string>> = {
  '/analytics/realtime/metrics/:id': (tenant) => encodeURIComponent(`youtube:${tenant.name}`),
  '/analytics/realtime/platform-metrics/:platform': () => 'youtube',
  '/api/v1/backfills/:id': idOf('plan_id'),
  '/api/v1/exports/:id': idOf('export_id'),
  '/exports/:id': idOf('export_id'),
  '/exports/:id/file': idOf('export_id'),
  '/api/v1/experiments/:id': idOf('ab_test_id'),
  '/api/v1/insights/:id': idOf('insight_id'),
  '/api/v1/releases/:id': idOf('release_id'),
  '/api/v1/releases/:id/series': idOf('release_id'),
  '/api/v1/runs/:id': idOf('run_id'),
  '/api/v1/stock-sources/:source_name': nameOf,
  // An upload is known by a random name to its sender alone; the file itself holds nobody's figures yet.
  '/add-data/uploads/:id': () => '00000000-0000-4000-8000-000000000000',
  '/add-data/uploads/:id/rejects': () => '00000000-0000-4000-8000-000000000000',
  '/backfills/:id': idOf('plan_id'),
  '/experiments/:id': idOf('ab_test_id'),
  '/insights/:id': idOf('insight_id'),
  '/releases/:id': idOf('release_id'),
  '/releases/:id/download.:format': idOf('release_id'),
  '/runs/:id': idOf('run_id'),
  '/stock-sources/:name': nameOf,
};
/** Everything that can be asked to come along. */
const queries: Readonly<Record<string, string>> = {
  '/api/v1/insights': '?status=accepted',
  '/api/v1/trends': '?include=analysis',
  '/api/v1/releases/:id/series':
    '?compare=typical&include=anomalies,change_points,corrections,outages,annotations,forecast&from=2025-12-01',
};

function readings(): TakenRoute[] {
  return site.app.takenRoutes.filter(({ method, scope }) => method === 'GET' && scope !== 'public');
}

function addressOf(url: string, tenant: Tenant): string {
  const query = queries[url] ?? '';
  if (!url.includes(':')) return url + query;
  const value = parameters[url];
  if (value === undefined) throw new Error(`Say in “parameters” what stands in ${url} for a tenant`);
  return url.replace(':format', 'json').replace(/:\w+/, value(tenant)) + query;
}

type Answers = Record<string, { status: number; body: string }>;

async function readAll(headers: Record<string, string>, tenant: Tenant): Promise<Answers> {
  const answers: Answers = {};
  for (const { url } of readings()) {
    const answer = await site.app.inject({ url: addressOf(url, tenant), headers });
    answers[url] = { status: answer.statusCode, body: withoutMoment(answer.body) };
  }
  return answers;
}

/** Less what differs from one request to the next: their ids, milliseconds, and how often the scope's cache was asked. */
function withoutMoment(body: string): string {
  return body
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')
    .replaceAll(/"latency_ms":[\d.]+/g, '')
    .replaceAll(/"cache":\{[^}]*\}/g, '');
}

async function arrive(name: string): Promise<Tenant> {
  const tenant = await seedTenant(owner, name);
  await owner.query('select refresh_rollups()');
  return tenant;
}

/** Letters of many scripts, marks of HTML and SQL; the start makes it unlike anything else in an answer. */
const names = fc
  .tuple(fc.stringMatching(/^[0-9a-f]{12}$/), fc.constantFrom('', ' é', ' <b>', " '; --", ' שלום', ' 🎬'))
  .map(([hex, rest]) => `zq${hex}${rest}`);

/** Leaks of `other` into what `own` may read, by address. */
async function leaks(own: string, other: string): Promise<string[]> {
  const first = await arrive(own);
  const headers = await site.keyHeader('admin', [first.artistId]);
  const before = await readAll(headers, first);
  const second = await arrive(other);
  const after = await readAll(headers, first);
  const foreign = await readAll(headers, second);
  const marker = other.slice(0, 14);
  return Object.keys(after).filter((url) => {
    const changed = after[url]!.body !== before[url]!.body || after[url]!.status !== before[url]!.status;
    // An address that the other's own id or name stands in may be quoted in a refusal, and answers nothing.
    const isForeign =
      parameters[url] !== undefined && url !== '/analytics/realtime/platform-metrics/:platform';
    return changed || after[url]!.body.includes(marker) || (isForeign && foreign[url]!.status < 400);
  });
}

it('what another artist’s arrival changes is nothing, and what is theirs is not to be had by its address', async () => {
  expect(readings().length).toBeGreaterThan(30);
  await fc.assert(
    fc.asyncProperty(names, names, async (own, other) => {
      fc.pre(own.slice(0, 14) !== other.slice(0, 14));
      expect(await leaks(own, other)).toEqual([]);
    }),
    { numRuns: 3, endOnFailure: true },
  );
}, 120_000);

it('with the policy of releases off, the leak is found', async () => {
  await owner.query('alter table releases disable row level security');
  try {
    expect(await leaks('zq00000000000a', 'zq00000000000b')).toEqual(
      expect.arrayContaining(['/api/v1/releases', '/api/v1/releases/:id']),
    );
  } finally {
    await owner.query('alter table releases enable row level security');
  }
}, 120_000);
