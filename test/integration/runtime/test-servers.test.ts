import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchAttributes } from '../../../contracts/search-attributes.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { testTemporal, type TestTemporal } from '../../support/temporal.js';

describe('the servers that the tests run on', () => {
  let temporal: TestTemporal;
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    [temporal, first, second] = await Promise.all([
      testTemporal(),
      createTestDatabase(),
      createTestDatabase({ migrated: false }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([temporal.close(), first.drop(), second.drop()]);
  });

  it('gives each caller a database of its own, migrated unless asked otherwise', async () => {
    expect(first.url).not.toBe(second.url);
    const tables = 'select count(*)::int as n from pg_tables where schemaname = $1';
    expect((await first.pool.query<{ n: number }>(tables, ['public'])).rows[0]!.n).toBeGreaterThan(10);
    expect((await second.pool.query<{ n: number }>(tables, ['public'])).rows[0]!.n).toBe(0);
  });

  it('gives each file a namespace that knows the search attributes', async () => {
    expect(temporal.namespace).toMatch(/^test-\d+$/);
    const { customAttributes } = await temporal.client.connection.operatorService.listSearchAttributes({
      namespace: temporal.namespace,
    });
    for (const name of Object.values(searchAttributes)) expect(customAttributes).toHaveProperty(name);
  });

  it('sorts and folds text the same on every machine', async () => {
    const { rows } = await first.pool.query<{ folded: string; sorted: string[] }>(
      `select lower('ÄÖÉ') as folded, (select array_agg(x order by x) from unnest(array['b','B','a','é']) x) as sorted`,
    );
    expect(rows[0]).toEqual({ folded: 'äöé', sorted: ['B', 'a', 'b', 'é'] });
  });
});
