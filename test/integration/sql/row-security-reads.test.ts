import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  as,
  createTenantWorld,
  named,
  readable,
  shared,
  unrestrictedOnly,
  type TenantWorld,
} from './tenant-sessions.js';
import { foreignIn } from './tenants.js';

interface Relation {
  name: string;
  kind: 'r' | 'v' | 'm' | 'p' | 'f';
}

let world: TenantWorld;
let relations: Relation[];
beforeAll(async () => {
  world = await createTenantWorld();
  const { rows } = await world.database.pool.query<Relation>(
    `select relname as name, relkind as kind from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p', 'f') order by 1`,
  );
  relations = rows;
});
afterAll(() => world.database.drop());

const tenantRelations = (): string[] =>
  relations.filter(({ name, kind }) => kind !== 'm' && !shared.has(name)).map(({ name }) => name);

test('every table has row security, forced, unless it speaks of no artist', async () => {
  const { rows } = await world.database.pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not (relrowsecurity and relforcerowsecurity) order by 1`,
  );
  expect(new Set(rows.map(({ name }) => name))).toEqual(shared);
});

test('the three artists have rows in every relation, or this test would show nothing', async () => {
  for (const relation of tenantRelations()) {
    const rows = await as(world.database.pool, 'tidemark_app', '*', (client) => readable(client, relation));
    expect(rows.length, relation).toBeGreaterThanOrEqual(3);
  }
});

test('a session sees the rows of its artists and of no other, for every set of artists', async () => {
  for (let set = 0; set < 8; set += 1) {
    const theirs = world.tenants.filter((_, index) => (set >> index) & 1);
    const others = world.tenants.filter((tenant) => !theirs.includes(tenant));
    const setting = theirs.map(({ artistId }) => artistId).join(',');
    for (const relation of tenantRelations()) {
      const rows = await as(world.database.pool, 'tidemark_app', setting, (client) =>
        readable(client, relation),
      );
      for (const row of rows) expect(foreignIn(named(relation, row), theirs, others), relation).toBeNull();
      if (unrestrictedOnly.has(relation)) expect(rows, relation).toEqual([]);
      else expect(rows.length > 0, relation).toBe(theirs.length > 0);
    }
  }
});

test('contents that no release is linked to are for sessions that see every artist', async () => {
  const all = world.tenants.map(({ artistId }) => artistId).join(',');
  for (const relation of ['contents', 'effective_snapshots', 'latest_snapshots', 'content_performance']) {
    const count = async (setting: string): Promise<number> =>
      (await as(world.database.pool, 'tidemark_app', setting, (client) => readable(client, relation))).length;
    expect(await count('*'), relation).toBe((await count(all)) + 1);
  }
});

test.each([
  ['was never made', null],
  ['is an empty text, as after a transaction', ''],
])('without the setting nothing is seen: it %s', async (_how, setting) => {
  for (const relation of tenantRelations()) {
    expect(
      await as(world.database.pool, 'tidemark_app', setting, (client) => readable(client, relation)),
      relation,
    ).toEqual([]);
  }
});

test.each(['1,*', 'all', '1;2', ' '])(
  'a setting that cannot be read (%j) shows nothing but an error',
  async (setting) => {
    await expect(
      as(world.database.pool, 'tidemark_app', setting, (client) => readable(client, 'releases')),
    ).rejects.toMatchObject({ code: '22P02' });
  },
);

test('a setting of one transaction does not outlive it on the connection', async () => {
  const client = await world.database.pool.connect();
  try {
    await client.query('set role tidemark_app');
    await client.query('begin');
    await client.query(`select set_config('tidemark.artists', '*', true)`);
    expect(await readable(client, 'releases')).not.toEqual([]);
    await client.query('commit');
    expect(await readable(client, 'releases')).toEqual([]);
  } finally {
    client.release(true);
  }
});

test('no materialised view can be read, nor a sealed credential', async () => {
  expect(relations.filter(({ kind }) => kind === 'm')).not.toEqual([]);
  for (const { name } of relations.filter(({ kind }) => kind === 'm')) {
    await expect(
      as(world.database.pool, 'tidemark_app', '*', (client) => client.query(`select * from ${name}`)),
    ).rejects.toMatchObject({
      code: '42501',
    });
  }
  await expect(
    as(world.database.pool, 'tidemark_app', '*', (client) => client.query('select sealed from credentials')),
  ).rejects.toMatchObject({ code: '42501' });
});

test('published benchmarks are read by everybody who sees anything', async () => {
  await world.database.pool.query(
    `insert into performance_benchmarks (origin, platform, metric, computed_at) values ('external', 'x', 'm', now())`,
  );
  const count = async (setting: string | null): Promise<number> =>
    (
      await as(world.database.pool, 'tidemark_app', setting, (client) =>
        readable(client, 'performance_benchmarks'),
      )
    ).length;
  expect(await count(String(world.tenants[0].artistId))).toBe(2);
  expect(await count(null)).toBe(0);
  await world.database.pool.query(`delete from performance_benchmarks where origin = 'external'`);
});

test('with the protection of one table off, the comparison finds the leak', async () => {
  const [tenant, ...others] = world.tenants;
  const client = await world.database.pool.connect();
  try {
    await client.query('begin');
    await client.query('alter table anomalies disable row level security');
    await client.query('set local role tidemark_app');
    await client.query(`select set_config('tidemark.artists', $1, true)`, [String(tenant.artistId)]);
    const rows = await readable(client, 'anomalies');
    expect(rows.some((row) => foreignIn(row, [tenant], others) !== null)).toBe(true);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('workers see every row, without the right to step over row security', async () => {
  const { rows } = await world.database.pool.query(
    `select rolname from pg_roles where rolname like 'tidemark\\_%' and (rolbypassrls or rolsuper or rolcanlogin)`,
  );
  expect(rows).toEqual([]);
  for (const relation of tenantRelations()) {
    const seen = await as(world.database.pool, 'tidemark_worker', null, (client) =>
      readable(client, relation),
    );
    expect(seen.length, relation).toBeGreaterThanOrEqual(3);
  }
});
