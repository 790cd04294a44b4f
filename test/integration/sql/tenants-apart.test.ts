/**
 * Two sets of artists, whoever they are: whatever one may read, call or write, nothing of the other's is told or
 * changed, over every table, view, materialised view and function that there is.
 */
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import {
  become,
  damages,
  leaks,
  placesOfAll,
  relationsOf,
  viewOf,
  type Places,
  type Relation,
  type World,
} from './tenant-attacks.js';
import { shared, unrestrictedOnly } from './tenant-sessions.js';
import { seedTenant, type Tenant } from './tenants.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Works in a transaction that is rolled back. */
async function aside<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function arrive(names: readonly string[]): Promise<Tenant[]> {
  const tenants: Tenant[] = [];
  for (const name of names) tenants.push(await seedTenant(database.pool, name));
  await database.pool.query('select refresh_rollups()');
  return tenants;
}

const settingOf = (tenants: readonly Tenant[]): string => tenants.map(({ artistId }) => artistId).join(',');

function seenAs(artists: string | null): Promise<Record<string, string>> {
  return aside(async (client) => {
    await become(client, artists);
    return viewOf(client);
  });
}

/** First the ones whose session it is, then the others. */
async function worldOf(ownNames: readonly string[], otherNames: readonly string[]): Promise<World> {
  const own = await arrive(ownNames);
  const artists = settingOf(own);
  const before = await seenAs(artists);
  const placesBefore = await aside(placesOfAll);
  const others = await arrive(otherNames);
  const foreign: Places = new Map();
  for (const [table, places] of await aside(placesOfAll)) {
    const already = placesBefore.get(table);
    foreign.set(table, new Map([...places].filter(([place]) => already?.has(place) !== true)));
  }
  return { artists, own, others, before, foreign };
}

const isOfTenants = ({ name, kind }: Relation): boolean => kind !== 'm' && !shared.has(name);

/** Relations without a row of the session's own, or of the others', would show nothing. */
async function untried({ before, foreign }: World): Promise<string[]> {
  const relations = (await aside(relationsOf)).filter(isOfTenants);
  return relations
    .filter(({ name, kind }) => {
      const isEmptyToOwn = before[name] === '[]' || before[name] === '';
      return (isEmptyToOwn && !unrestrictedOnly.has(name)) || (kind === 'r' && foreign.get(name)!.size === 0);
    })
    .map(({ name }) => name);
}

/** Letters of many scripts, marks of HTML and SQL. */
const names = fc
  .tuple(fc.stringMatching(/^[0-9a-f]{12}$/), fc.constantFrom('', ' é', ' <b>', " '; --", ' שלום', ' 🎬'))
  .map(([hex, rest]) => `zq${hex}${rest}`);
const twoSets = fc
  .tuple(fc.uniqueArray(names, { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 3 }))
  .map(([all, cut]) => [
    all.slice(0, Math.min(cut, all.length - 1)),
    all.slice(Math.min(cut, all.length - 1)),
  ]);

describe('two sets of artists', () => {
  it('neither learn nor change anything of each other’s', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, async ([ownNames, otherNames]) => {
        const world = await worldOf(ownNames!, otherNames!);
        expect(await untried(world), 'seed them in tenants.ts').toEqual([]);
        expect(await aside((client) => leaks(client, world))).toEqual([]);
        expect(await aside((client) => damages(client, world))).toEqual([]);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  }, 300_000);
});

describe('a session', () => {
  let world: World;
  let relations: Relation[];
  beforeAll(async () => {
    world = await worldOf(['zq1 first'], ['zq2 second']);
    relations = await aside(relationsOf);
  });

  it.each([
    ['was never told of artists', null],
    ['is told of none', ''],
  ])('that %s sees nothing and changes nothing', async (_what, artists) => {
    const before = await seenAs(artists);
    const seen = relations.filter(isOfTenants).filter(({ name }) => !['[]', ''].includes(before[name]!));
    expect(seen).toEqual([]);
    const nobodys = { ...world, artists, own: [], others: [...world.own, ...world.others], before };
    expect(await aside((client) => leaks(client, nobodys))).toEqual([]);
    const foreign = await aside(placesOfAll);
    for (const table of shared) foreign.delete(table);
    expect(await aside((client) => damages(client, { ...nobodys, foreign }))).toEqual([]);
  });

  it('reads no materialised view, whoever it is', async () => {
    const stored = relations.filter(({ kind }) => kind === 'm').map(({ name }) => name);
    expect(stored.length).toBeGreaterThan(0);
    for (const artists of [null, world.artists, '*']) {
      const seen = await seenAs(artists);
      for (const name of stored) expect(seen[name], name).toMatch(/^42501 permission denied/);
    }
  });

  /** What is found once the owner has spoiled something. */
  const foundAfter = (spoil: string, only?: string): Promise<string[]> =>
    aside(async (client) => {
      await client.query(spoil);
      return leaks(client, world, only === undefined ? undefined : new Set([only]));
    });

  it('would be found to leak with row security off, or open to all, on any one table', async () => {
    const tables = relations.filter((relation) => isOfTenants(relation) && relation.kind === 'r');
    expect(tables.length).toBeGreaterThan(40);
    for (const { name } of tables) {
      const found = [`${name} tells of others`];
      expect(await foundAfter(`alter table ${name} disable row level security`, name)).toEqual(found);
      const open = `alter policy app_visible on ${name} using (true) with check (true)`;
      expect(await foundAfter(open, name)).toEqual(found);
    }
  });

  it('would be found to do damage with any policy open to all', async () => {
    const undamaged: string[] = [];
    for (const [table, foreign] of world.foreign) {
      if (shared.has(table)) continue;
      const found = await aside(async (client) => {
        await client.query(`alter policy app_visible on ${table} using (true) with check (true)`);
        return damages(client, { ...world, foreign: new Map([[table, foreign]]) });
      });
      if (found.length === 0) undamaged.push(table);
    }
    // Nothing but reading is granted on these.
    const { rows } = await database.pool.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace
         and not has_any_column_privilege('tidemark_app', oid, 'insert, update')
         and not has_table_privilege('tidemark_app', oid, 'delete')`,
    );
    const readOnly = rows.map(({ name }) => name).filter((name) => !shared.has(name));
    expect(undamaged.sort()).toEqual(readOnly.sort());
  });

  it('would be found to leak by any view or function with its owner’s rights, and by a materialised view', async () => {
    const { rows: views } = await database.pool.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relkind = 'v' and 'security_invoker=true' = any (reloptions)
         -- Reads days through views that see to it themselves.
         and relname <> 'platform_days'`,
    );
    expect(views.length).toBeGreaterThan(3);
    for (const { name } of views) {
      // Reads with its owner's rights, who is a superuser here, whatever it stands on.
      const spoil = `alter view ${name} set (security_invoker = false)`;
      expect(await foundAfter(spoil, name), name).toEqual([`${name} tells of others`]);
    }
    for (const { name } of relations.filter(({ kind }) => kind === 'm'))
      expect(await foundAfter(`grant select on ${name} to tidemark_app`, name)).toEqual([
        `${name} tells of others`,
      ]);
    const reading = ['get_performance_data', 'performance_as_of', 'stock_source_ranking', 'tidemark_digest'];
    for (const name of reading) {
      const { rows } = await database.pool.query<{ signature: string }>(
        'select oid::regprocedure::text as signature from pg_proc where proname = $1',
        [name],
      );
      const found = await foundAfter(`alter function ${rows[0]!.signature} security definer`, name);
      expect(found.length, name).toBeGreaterThan(0);
    }
  });

  it('would be found out if it saw everything unasked', async () => {
    const seen = await aside(async (client) => {
      await client.query(
        'create or replace function session_sees_every_artist() returns boolean language sql as $$ select true $$',
      );
      await become(client, null);
      return viewOf(client, new Set(['releases']));
    });
    expect(seen['releases']).toContain('zq2 second');
  });
});
