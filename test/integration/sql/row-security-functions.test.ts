import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, createTenantWorld, type TenantWorld } from './tenant-sessions.js';
import { foreignIn, type Tenant } from './tenants.js';

let world: TenantWorld;
beforeAll(async () => {
  world = await createTenantWorld();
});
afterAll(() => world.database.drop());

/** Take nothing from any table. */
const pure = new Set([
  'insight_snapshot',
  'lock_contents_of_release',
  'merged_day_extra',
  'moving_average_step',
  'moving_average_value',
  'performance_growth',
  'performance_slope_step',
  'platform_name',
  'required_platform_name',
  'session_artists',
  'session_reads_rollups_of_all',
  'session_sees_every_artist',
  'sums_digest',
]);
/** Each with what shows that another artist's rows stay out of its reach. */
const cases: Readonly<Record<string, (client: pg.PoolClient, own: Tenant, other: Tenant) => Promise<void>>> =
  {
    get_performance_data: async (client, own, other) => {
      const { rows } = await client.query<Record<string, unknown>>('select * from get_performance_data()');
      expect(rows).not.toEqual([]);
      for (const row of rows) expect(foreignIn(row, [own], [other])).toBeNull();
      expect((await client.query('select * from get_performance_data($1)', [other.artistId])).rows).toEqual(
        [],
      );
    },
    performance_as_of: async (client, own, other) => {
      const read = async (name: string): Promise<number> =>
        (
          await client.query(`select * from performance_as_of('youtube:' || $1::text, 'views', now())`, [
            name,
          ])
        ).rows.length;
      expect(await read(own.name)).toBe(2);
      expect(await read(other.name)).toBe(0);
    },
    tidemark_digest_parts: async (client) => {
      const { rows } = await client.query<{ part: string; row_count: string }>(
        'select * from tidemark_digest_parts()',
      );
      expect(rows.map(({ row_count }) => row_count)).toEqual(rows.map(() => '1'));
    },
    tidemark_digest: async (client) => {
      const { rows } = await client.query<{ digest: string }>('select tidemark_digest() as digest');
      const all = await world.database.pool.query<{ digest: string }>('select tidemark_digest() as digest');
      expect(rows[0]!.digest).not.toBe(all.rows[0]!.digest);
    },
    insert_performance_record: async (client, own, other) => {
      const [ownRelease] = own.own['release_id']!;
      const [foreignRelease] = other.own['release_id']!;
      await client.query(`select insert_performance_record($1, 'youtube', 'views', 1)`, [ownRelease]);
      await client.query(`insert into content_performance (release_id, platform, metric_name, metric_value)
      values (${String(ownRelease)}, 'tiktok', 'views', 1)`);
      await expect(
        client.query(`select insert_performance_record($1, 'youtube', 'views', 1)`, [foreignRelease]),
      ).rejects.toMatchObject({ code: 'TM001' });
    },
    enter_manual_value: async (client, own, other) => {
      const enter = `select entry_id from enter_manual_value($1, 'youtube', 'views', 1, now(), 'ann')`;
      expect((await client.query(enter, [[...own.own['release_id']!][0]])).rows).toHaveLength(1);
      await expect(client.query(enter, [[...other.own['release_id']!][0]])).rejects.toMatchObject({
        code: 'TM001',
      });
    },
    undo_manual_entry: async (client, _own, other) => {
      const { rows } = await world.database.pool.query<{ id: string }>(
        'select id from manual_entries where entered_by = $1',
        [other.name],
      );
      await expect(client.query(`select undo_manual_entry($1, 'ann')`, [rows[0]!.id])).rejects.toMatchObject({
        code: 'TM007',
      });
    },
    manual_value_of: async (client, _own, other) => {
      const content = [...other.own['content_id']!].find((id) => typeof id === 'number');
      const { rows } = await client.query<{ value: number | null }>(
        `select manual_value_of($1, 'views', s.recorded_at) as value
         from (values (now()), ('2026-01-01T12:00Z')) s (recorded_at)`,
        [content],
      );
      expect(rows.map(({ value }) => value)).toEqual([null, null]);
    },
    drop_hollow_instant: async (client, _own, other) => {
      // Removes nothing that tells anything, whoever's it is.
      const content = [...other.own['content_id']!].find((id) => typeof id === 'number');
      const kept = async (): Promise<unknown> => {
        await client.query('reset role');
        const { rows } = await client.query<{ rows: string }>(
          'select count(*) as rows from engagement_snapshots where content_id = $1',
          [content],
        );
        await client.query('set local role tidemark_app');
        return rows[0]!.rows;
      };
      const before = await kept();
      expect(before).not.toBe('0');
      await client.query(
        `select drop_hollow_instant($1, t.at) from (values (now()), ('2026-01-01T12:00Z')) t (at)`,
        [content],
      );
      expect(await kept()).toBe(before);
    },
    primary_content_of: async (client, _own, other) => {
      const [release] = other.own['release_id']!;
      await expect(client.query(`select primary_content_of($1, 'youtube')`, [release])).rejects.toMatchObject(
        {
          code: '42501',
        },
      );
    },
    put_manual_value: async (client, _own, other) => {
      const content = [...other.own['content_id']!].find((id) => typeof id === 'number');
      await expect(
        client.query(`select put_manual_value($1, 'views', 1, now())`, [content]),
      ).rejects.toMatchObject({ code: '42501' });
    },
    stock_source_ranking: async (client, own) => {
      const { rows } = await client.query<{ source_name: string; releases: number }>(
        `select source_name, releases from stock_source_ranking('2099-01-01')`,
      );
      expect(rows).toEqual([{ source_name: own.name, releases: 1 }]);
    },
    derive_metric_days: async (client, _own, other) => {
      // Says again what the facts say: nothing is told to the caller, and nothing changes.
      const content = [...other.own['content_id']!].find((id) => typeof id === 'number');
      await client.query('reset role');
      await client.query(`select derive_metric_days($1, 'views', '2026-01-01T12:00Z')`, [content]);
      const digest = async (): Promise<unknown> => (await client.query('select tidemark_digest()')).rows[0];
      const before = await digest();
      await client.query('set local role tidemark_app');
      await client.query(`select derive_metric_days($1, 'views', '2026-01-01T12:00Z')`, [content]);
      await client.query('reset role');
      expect(await digest()).toEqual(before);
    },
  };

test('each one that the application may call is known to be pure or is shown to keep artists apart', async () => {
  const { rows } = await world.database.pool.query<{ name: string }>(
    `select distinct proname as name from pg_proc
     where pronamespace = 'public'::regnamespace and prokind = 'f' and prorettype <> 'trigger'::regtype
       and has_function_privilege('tidemark_app', oid, 'execute') order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([...pure, ...Object.keys(cases)].sort());
});

test.each(Object.keys(cases))('%s', async (name) => {
  const [own, other] = world.tenants;
  await as(world.database.pool, 'tidemark_app', String(own.artistId), (client) =>
    cases[name]!(client, own, other),
  );
});

test('those with their owner’s rights fix their search path', async () => {
  const { rows } = await world.database.pool.query(
    `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
       and not coalesce(proconfig, '{}') @> '{"search_path=public, pg_temp"}'`,
  );
  expect(rows).toEqual([]);
});

test('the application may not refresh roll-ups, move contents together or change who sees what', async () => {
  for (const call of [
    'refresh_rollups()',
    'absorb_content(1, 2)',
    `settle_primary_content(1, 'youtube')`,
    `secure_table('releases', 'true')`,
  ]) {
    await expect(
      as(world.database.pool, 'tidemark_app', '*', (client) => client.query(`select ${call}`)),
      call,
    ).rejects.toMatchObject({ code: '42501' });
  }
});
