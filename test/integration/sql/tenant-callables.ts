/** The functions that the application may call, and what stands for somebody in each of their parameters. */
import type pg from 'pg';
import type { Tenant } from './tenants.js';

export interface Callable {
  name: string;
  parameters: { name: string; type: string }[];
  /** How many of the last ones may be left out. */
  defaults: number;
}

/** Every function, procedure and aggregate that the application may call, but for triggers. */
export async function callablesOf(client: pg.PoolClient): Promise<Callable[]> {
  const { rows } = await client.query<{
    name: string;
    names: string[] | null;
    types: string[];
    defaults: number;
  }>(
    `select p.oid::regproc::text as name, p.proargnames as names, p.pronargdefaults as defaults,
       array(select format_type(t, null) from unnest(p.proargtypes) with ordinality u (t, place) order by place) as types
     from pg_proc p
     where pronamespace not in (select oid from pg_namespace where nspname ~ '^pg_|^information_schema$')
       and prorettype <> 'trigger'::regtype and has_function_privilege('tidemark_app', oid, 'execute')
     order by 1`,
  );
  return rows.map(({ name, names, types, defaults }) => ({
    name,
    defaults,
    parameters: types.map((type, place) => ({ name: names?.[place] ?? '', type })),
  }));
}

/** Stands for somebody: an artist with rows of their own, or nobody at all. */
type Values = Record<string, unknown>;

export async function valuesOf(client: pg.PoolClient, { name, own }: Tenant): Promise<Values> {
  const { rows } = await client.query<{ id: string }>('select id from manual_entries where entered_by = $1', [
    name,
  ]);
  const ids = Object.entries(own).map(([column, ids]) => [
    column,
    [...ids].find((id) => typeof id === 'number'),
  ]);
  return { ...(Object.fromEntries(ids) as Values), name, entry_id: rows[0]!.id };
}
export const nobody: Values = {
  ...{ artist_id: 2e9, release_id: 2e9, content_id: 2e9, entry_id: '2000000000', name: 'nobody at all' },
};

/** What is passed for a parameter that could name somebody. @throws Error for one that nobody has thought of */
function argumentFor({ name, type }: Callable['parameters'][number], who: Values): unknown {
  if (type === 'integer' || type === 'bigint') {
    if (name === 'only_artist') return who['artist_id'];
    if (name in nobody) return who[name];
    if (['least_known', 'row_count'].includes(name)) return 1;
    throw new Error(`Say in tenant-attacks.ts whom the parameter ${name} ${type} may name`);
  }
  if (type === 'text') {
    if (name === 'content_id') return `youtube:${String(who['name'])}`;
    if (name === 'actor') return who['name'];
    if (name === 'platform' || name === 'told') return 'youtube';
    if (name === 'metric_name') return 'views';
    throw new Error(`Say in tenant-attacks.ts whom the parameter ${name} ${type} may name`);
  }
  if (['start_date', 'moment', 'as_of', 'end_date'].includes(name))
    return name === 'start_date' ? '2000-01-01Z' : '2099-01-01Z';
  if (type.startsWith('timestamp') || type === 'date') return '2026-01-01T12:00Z';
  if (type === 'double precision' || type === 'numeric') return 30;
  return null;
}

export function callOf(callable: Callable, who: Values): { sql: string; parameters: unknown[] } {
  const parameters = callable.parameters.map((parameter) => argumentFor(parameter, who));
  const list = callable.parameters.map(({ type }, place) => `$${place + 1}::${type}`).join(', ');
  return { sql: `select ${callable.name}(${list})::text as told`, parameters };
}
