import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  as,
  createTenantWorld,
  named,
  shared,
  unrestrictedOnly,
  type TenantWorld,
} from './tenant-sessions.js';
import { foreignIn } from './tenants.js';

let world: TenantWorld;
beforeAll(async () => {
  world = await createTenantWorld();
});
afterAll(() => world.database.drop());

const privileged = async (privilege: string): Promise<string[]> => {
  const { rows } = await world.database.pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and has_table_privilege('tidemark_app', oid, $1) order by 1`,
    [privilege],
  );
  return rows.map(({ name }) => name).filter((name) => !shared.has(name));
};

test('a row of another artist cannot be added to any table', async () => {
  const [tenant, other] = world.tenants;
  const tables = await privileged('insert');
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    const rows = (await readableAsOwner(table)).filter(
      (row) => foreignIn(named(table, row), [other], []) === null && JSON.stringify(row) !== '{}',
    );
    const row = rows[0] ?? (await readableAsOwner(table))[0];
    await expect(
      as(world.database.pool, 'tidemark_app', String(tenant.artistId), (client) =>
        client.query(
          `insert into ${table} overriding system value select * from jsonb_populate_record(null::${table}, $1)`,
          [JSON.stringify(row)],
        ),
      ),
      table,
    ).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('row-level security') as string,
    });
  }
});

test.each(['update', 'delete'])('no %s reaches a row of another artist', async (verb) => {
  const [tenant, ...others] = world.tenants;
  for (const table of await privileged(verb)) {
    const { rows: columns } = await world.database.pool.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0
         and attidentity = '' and not attisdropped order by attnum limit 1`,
      [table],
    );
    const column = columns[0]!.name;
    const touched = await as(world.database.pool, 'tidemark_app', String(tenant.artistId), async (client) => {
      // What hangs on a row would keep it from being deleted, and with it from showing whose it is: row security
      // comes before foreign keys, and holds without them.
      await client.query('reset role');
      await client.query('set local session_replication_role = replica');
      await client.query('set local role tidemark_app');
      const statement =
        verb === 'delete' ? `delete from ${table}` : `update ${table} set ${column} = ${column}`;
      const { rows } = await client.query<{ row: Record<string, unknown> }>(
        `with touched as (${statement} returning *) select to_jsonb(t) as row from touched t`,
      );
      return rows.map(({ row }) => row);
    });
    expect(touched.length > 0, table).toBe(!unrestrictedOnly.has(table));
    for (const row of touched) expect(foreignIn(named(table, row), [tenant], others), table).toBeNull();
  }
});

test('a row cannot be handed to another artist', async () => {
  const [tenant, other] = world.tenants;
  const [releaseId] = other.own['release_id']!;
  for (const [statement, value] of [
    ['update releases set artist_id = $1', other.artistId],
    ['update contents set release_id = $1', releaseId],
    ['update stock_clip_usages set release_id = $1', releaseId],
  ] as const) {
    await expect(
      as(world.database.pool, 'tidemark_app', String(tenant.artistId), (client) =>
        client.query(statement, [value]),
      ),
      statement,
    ).rejects.toMatchObject({ code: '42501' });
  }
});

async function readableAsOwner(table: string): Promise<Record<string, unknown>[]> {
  const { rows } = await world.database.pool.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from ${table} t`,
  );
  return rows.map(({ row }) => row);
}
