/**
 * What one set of artists can learn or change of another's, by everything that the catalogue lists: a relation or a
 * function that is added is tried without anybody's doing, or fails until it is said what its parameters stand for.
 */
import type pg from 'pg';
import { callablesOf, callOf, nobody, valuesOf } from './tenant-callables.js';
import type { Tenant } from './tenants.js';

export interface Relation {
  name: string;
  /** As in `pg_class`: table, view, materialised view, partitioned or foreign table. */
  kind: 'r' | 'v' | 'm' | 'p' | 'f';
}

/** What there is outside of the system's own schemas. */
export async function relationsOf(client: pg.Pool | pg.PoolClient): Promise<Relation[]> {
  const { rows } = await client.query<Relation>(
    `select oid::regclass::text as name, relkind as kind from pg_class
     where relkind in ('r', 'v', 'm', 'p', 'f') and relpersistence <> 't'
       and relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_|^information_schema$')
     order by 1`,
  );
  return rows;
}

/** What came of a statement, with what it was told about made unknown; nothing of it stays. */
async function outcome(
  client: pg.PoolClient,
  sql: string,
  parameters: readonly unknown[] = [],
  unknown: readonly unknown[] = [],
): Promise<string> {
  await client.query('savepoint attempt');
  let told: string;
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...parameters]);
    told = JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    told = `${code ?? ''} ${message}`;
  }
  await client.query('rollback to savepoint attempt');
  for (const value of unknown) {
    const literal = String(value).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    told = told.replaceAll(new RegExp(`(?<![\\w.])${literal}(?![\\w.])`, 'g'), '?');
  }
  return told;
}

/** Every row and column that the session may read, by relation, and what every function answers about nobody. */
export async function viewOf(
  client: pg.PoolClient,
  only?: ReadonlySet<string>,
): Promise<Record<string, string>> {
  const view: Record<string, string> = {};
  for (const { name, kind } of await relationsOf(client)) {
    if (only !== undefined && !only.has(name)) continue;
    const { rows } = await client.query<{ list: string | null }>(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped
         and has_column_privilege($1::regclass, attnum, 'select')`,
      [name],
    );
    const columns = kind === 'm' ? '*' : rows[0]!.list;
    view[name] = columns === null ? '' : await outcome(client, `select ${columns} from ${name}`);
  }
  for (const callable of await callablesOf(client)) {
    if (only !== undefined && !only.has(callable.name)) continue;
    const { sql, parameters } = callOf(callable, nobody);
    view[callable.name] = await outcome(client, sql, parameters);
    if (callable.defaults === 0) continue;
    const short = callOf(
      { ...callable, parameters: callable.parameters.slice(0, -callable.defaults) },
      nobody,
    );
    view[`${callable.name} by default`] = await outcome(client, short.sql, short.parameters);
  }
  return view;
}

/** Rows of a table with where they lie: a row that was written lies elsewhere. */
async function placesOf(client: pg.PoolClient, table: string): Promise<Map<string, unknown>> {
  const { rows } = await client.query<{ place: string; row: unknown }>(
    `select ctid::text as place, to_jsonb(t) as row from ${table} t`,
  );
  return new Map(rows.map(({ place, row }) => [`${place} ${JSON.stringify(row)}`, row]));
}

export type Places = Map<string, Map<string, unknown>>;

/** Of every table; as the owner. */
export async function placesOfAll(client: pg.PoolClient): Promise<Places> {
  const places: Places = new Map();
  for (const { name, kind } of await relationsOf(client))
    if (kind === 'r' || kind === 'p') places.set(name, await placesOf(client, name));
  return places;
}

/** Acts as the application for a set of artists; null: nobody was ever set. */
export async function become(client: pg.PoolClient, artists: string | null): Promise<void> {
  await client.query('set local role tidemark_app');
  if (artists !== null) await client.query(`select set_config('tidemark.artists', $1, true)`, [artists]);
}

export interface World {
  /** Whose session it is: the setting. */
  artists: string | null;
  own: readonly Tenant[];
  others: readonly Tenant[];
  /** What the session saw before the others came. */
  before: Record<string, string>;
  /** The others' rows, by table. */
  foreign: Places;
}

/** What the session sees differently since the others came, or has of a function by their ids. */
export async function leaks(
  client: pg.PoolClient,
  world: World,
  only?: ReadonlySet<string>,
): Promise<string[]> {
  await become(client, world.artists);
  const after = await viewOf(client, only);
  const found = Object.keys(after)
    .filter((name) => after[name] !== world.before[name])
    .map((name) => `${name} tells of others`);
  await client.query('reset role');
  for (const other of world.others) {
    const who = await valuesOf(client, other);
    await become(client, world.artists);
    for (const callable of await callablesOf(client)) {
      if (only !== undefined && !only.has(callable.name)) continue;
      const theirs = callOf(callable, who);
      const none = callOf(callable, nobody);
      const named = theirs.parameters.filter((value, place) => value !== none.parameters[place]);
      if (named.length === 0) continue;
      const unnamed = none.parameters.filter((value, place) => value !== theirs.parameters[place]);
      const told = await outcome(client, theirs.sql, theirs.parameters, named);
      if (told !== (await outcome(client, none.sql, none.parameters, unnamed)))
        found.push(`${callable.name} answers about others: ${told}`);
    }
    await client.query('reset role');
  }
  return found;
}

/** Where the session could add, change, remove or take over a row that is the others'. */
export async function damages(client: pg.PoolClient, world: World): Promise<string[]> {
  const found: string[] = [];
  // What hangs on a row would keep it from being removed, and with it from showing whose it is.
  await client.query('set local session_replication_role = replica');
  for (const [table, foreign] of world.foreign) {
    for (const [verb, sql, parameters] of await attacksOn(client, table, foreign, world)) {
      await client.query('savepoint attack');
      await become(client, world.artists);
      const told = await attempt(client, sql, parameters);
      if (verb === 'insert') {
        if (told?.code !== '42501') found.push(`${table}: insert is not refused: ${told?.message ?? 'done'}`);
      } else if (told === null) {
        await client.query('reset role');
        const left = await placesOf(client, table);
        if ([...foreign.keys()].some((place) => !left.has(place))) found.push(`${table}: ${verb}`);
        if (verb.startsWith('hand over') && (await isHandedOver(client, table, left, world)))
          found.push(`${table}: ${verb}`);
      }
      await client.query('rollback to savepoint attack');
    }
  }
  return found;
}

type Attack = [verb: string, sql: string, parameters: unknown[]];

async function attacksOn(
  client: pg.PoolClient,
  table: string,
  foreign: ReadonlyMap<string, unknown>,
  { others }: World,
): Promise<Attack[]> {
  const { rows: columns } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = ''
       and has_column_privilege('tidemark_app', $1::regclass, attnum, 'update') order by attnum`,
    [table],
  );
  const attacks: Attack[] = [...foreign.values()]
    .slice(0, 1)
    .map((row) => [
      'insert',
      `insert into ${table} overriding system value select * from jsonb_populate_record(null::${table}, $1)`,
      [JSON.stringify(row)],
    ]);
  const [first] = columns;
  if (first !== undefined) attacks.push(['update', `update ${table} set ${first.name} = ${first.name}`, []]);
  attacks.push(['delete', `delete from ${table}`, []]);
  const owned = Object.keys(others[0]?.own ?? {});
  for (const { name } of columns.filter((column) => owned.includes(column.name))) {
    const id = [...others[0]!.own[name]!].find((value) => typeof value === 'number');
    attacks.push([`hand over by ${name}`, `update ${table} set ${name} = $1`, [id]]);
  }
  return attacks;
}

/** Null where it went through. */
async function attempt(
  client: pg.PoolClient,
  sql: string,
  parameters: unknown[],
): Promise<{ code?: string; message: string } | null> {
  try {
    await client.query(sql, parameters);
    return null;
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

/** Whether the others see a row that is not theirs. */
async function isHandedOver(
  client: pg.PoolClient,
  table: string,
  left: ReadonlyMap<string, unknown>,
  { others, foreign }: World,
): Promise<boolean> {
  await become(client, others.map(({ artistId }) => artistId).join(','));
  const { rows } = await client.query<{ place: string }>(
    `select ctid::text as place from ${table} where has_table_privilege($1::regclass, 'select')`,
    [table],
  );
  await client.query('reset role');
  const theirs = new Set([...foreign.get(table)!.keys()]);
  const seen = new Set(rows.map(({ place }) => place));
  return [...left.keys()].some((key) => !theirs.has(key) && seen.has(key.split(' ')[0]!));
}
