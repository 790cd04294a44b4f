import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSite, type TestSite } from '../../support/site.js';
import { seedTenant, type Tenant } from '../sql/tenants.js';

let site: TestSite;
let headers: { authorization: string };
let tenants: Tenant[];
beforeAll(async () => {
  site = await createTestSite();
  tenants = [
    await seedTenant(site.database.pool, 'aardvark'),
    await seedTenant(site.database.pool, 'badger'),
  ];
  headers = await site.keyHeader('admin');
});
afterAll(() => site.close());

async function get<Body>(url: string): Promise<Body> {
  const answer = await site.app.inject({ url, headers });
  expect(answer.statusCode, `${url}: ${answer.body}`).toBe(200);
  return answer.json<Body>();
}

interface Page {
  data: Record<string, unknown>[];
  next_cursor?: string;
}

/** Every list of the API, each of which the two artists have at least a row in. */
const lists = [
  'artists',
  'releases',
  'contents',
  'performance-records',
  'anomalies',
  'trends',
  'correlations',
  'scores',
  'benchmarks',
  'insights?status=open',
  'experiments',
  'annotations',
  'clip-usages',
  'coverage',
  'restatements',
  'runs',
  'backfills',
  'keys',
  'audit-log',
];

describe.each(lists)('GET /api/v1/%s', (list) => {
  const withQuery = (more: string): string => `/api/v1/${list}${list.includes('?') ? '&' : '?'}${more}`;

  it('comes in pages that together are the whole', async () => {
    const { data: whole } = await get<Page>(withQuery('limit=200'));
    expect(whole.length).toBeGreaterThanOrEqual(2);
    const paged: Record<string, unknown>[] = [];
    let next: string | undefined;
    do {
      const cursor = next === undefined ? '' : `&cursor=${next}`;
      const page = await get<Page>(withQuery(`limit=1${cursor}`));
      expect(page.data).toHaveLength(1);
      paged.push(...page.data);
      next = page.next_cursor;
    } while (next !== undefined && paged.length < 100);
    expect(paged).toEqual(whole);
  });

  it('refuses another list’s cursor, an unknown field and a limit that is none', async () => {
    const foreign = Buffer.from(JSON.stringify(['elsewhere', [1]])).toString('base64url');
    for (const query of [`cursor=${foreign}`, 'limit=0', 'limit=1e3', 'colour=red']) {
      const answer = await site.app.inject({ url: withQuery(query), headers });
      expect(answer.statusCode, query).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });
});

describe('a list that is narrowed', () => {
  const own = (column: string): number =>
    [...tenants[1]!.own[column]!].find((id): id is number => typeof id === 'number')!;

  it.each([
    'releases',
    'contents',
    'performance-records',
    'anomalies',
    'trends',
    'correlations',
    'scores',
    'experiments',
    'annotations',
    'clip-usages',
    'restatements',
  ])('%s by artist', async (list) => {
    const { data } = await get<Page>(`/api/v1/${list}?artist_id=${own('artist_id')}`);
    expect(data.length).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(data)).not.toContain('aardvark');
  });

  it('takes a half-open range', async () => {
    const at = (query: string): Promise<Page> =>
      get(`/api/v1/performance-records?release_id=${own('release_id')}&${query}`);
    expect((await at('start_date=2026-01-01T12:00:00Z')).data).toHaveLength(1);
    expect((await at('start_date=2026-01-01T00:00:00Z&end_date=2026-01-01T12:00:00Z')).data).toHaveLength(1);
    expect((await at('start_date=2026-01-01T13:00:00%2B01:00')).data).toHaveLength(1);
    const anomalies = (query: string): Promise<Page> => get(`/api/v1/anomalies?${query}`);
    expect((await anomalies('from=2026-01-01&to=2026-01-02')).data).toHaveLength(2);
    expect((await anomalies('from=2025-12-01&to=2026-01-01')).data).toEqual([]);
  });
});

describe('one of its kind', () => {
  const own = (column: string): string =>
    String([...tenants[0]!.own[column]!].find((id) => typeof id === 'number'));

  it('is shown with what belongs to it', async () => {
    expect(await get(`/api/v1/releases/${own('release_id')}`)).toMatchObject({
      data: { title: 'aardvark release', contents: [{ content_id: 'youtube:aardvark', is_primary: true }] },
    });
    expect(await get(`/api/v1/insights/${own('insight_id')}`)).toMatchObject({
      data: { title: 'aardvark', history: [{ action: 'accepted', actor: 'aardvark' }], outcomes: [{}] },
    });
    expect(await get('/api/v1/stock-sources/aardvark')).toMatchObject({
      data: { source_name: 'aardvark', contributions: [{ score: 5 }] },
    });
    expect(await get('/api/v1/stock-sources?as_of=2099-01-01&half_life_days=7.5&top_n=1')).toMatchObject({
      data: [{ rank: 1 }],
    });
    expect(await get('/api/v1/quota')).toEqual({ data: [] });
  });

  it.each(['releases/99', 'insights/99', 'experiments/99', 'stock-sources/nobody'])(
    '%s is not found',
    async (path) => {
      const answer = await site.app.inject({ url: `/api/v1/${path}`, headers });
      expect(answer.statusCode).toBe(404);
    },
  );

  it.each(['releases/0', 'releases/x', 'releases/99999999999', 'insights/1.5'])(
    '%s is no number',
    async (path) => {
      const answer = await site.app.inject({ url: `/api/v1/${path}`, headers });
      expect(answer.statusCode).toBe(400);
    },
  );
});
