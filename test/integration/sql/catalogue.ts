/** Everything that defines a schema, as lines that can be compared. */
import type pg from 'pg';

const parts: Readonly<Record<string, string>> = {
  columns: `select format('%s.%s %s %s %s %s', c.table_name, c.column_name, c.data_type, c.is_nullable,
      c.column_default, c.identity_generation) as line
    from information_schema.columns c where c.table_schema = 'public'`,
  constraints: `select format('%s %s %s', o.conrelid::regclass, o.conname, pg_get_constraintdef(o.oid)) as line
    from pg_constraint o where o.connamespace = 'public'::regnamespace`,
  indexes: `select i.indexdef as line from pg_indexes i where i.schemaname = 'public'`,
  functions: `select format('%s %s', pg_get_functiondef(p.oid), p.proacl) as line
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind <> 'a'`,
  aggregates: `select format('%s %s %s %s', a.aggfnoid::regprocedure, a.aggtransfn, a.aggfinalfn, a.agginitval) as line
    from pg_aggregate a join pg_proc p on p.oid = a.aggfnoid where p.pronamespace = 'public'::regnamespace`,
  triggers: `select pg_get_triggerdef(t.oid) as line from pg_trigger t where not t.tgisinternal`,
  policies: `select format('%s %s %s %s %s %s', p.tablename, p.policyname, p.roles, p.cmd, p.qual, p.with_check) as line
    from pg_policies p where p.schemaname = 'public'`,
  relations: `select format('%s %s %s %s %s %s', c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity,
      c.reloptions, c.relacl) as line
    from pg_class c where c.relnamespace = 'public'::regnamespace`,
  columnGrants: `select format('%s.%s %s', a.attrelid::regclass, a.attname, a.attacl) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and a.attacl is not null`,
  views: `select format('%s %s', v.viewname, v.definition) as line from pg_views v where v.schemaname = 'public'
    union all select format('%s %s', m.matviewname, m.definition) from pg_matviews m where m.schemaname = 'public'`,
  comments: `select format('%s %s %s', d.classoid::regclass,
      pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description) as line
    from pg_description d left join pg_class c on c.oid = d.objoid left join pg_proc p on p.oid = d.objoid
    where coalesce(c.relnamespace, p.pronamespace) = 'public'::regnamespace`,
  registry: `select format('%s', m) as line from metrics m
    union all select format('%s %s %s %s', d.platform, d.metric, d.format, d.valid_from) from metric_definitions d
    union all select format('%s', v) from value_sources v`,
  migrations: 'select name as line from schema_migrations',
};

/** Part → its sorted lines. */
export async function readCatalogue(pool: pg.Pool): Promise<Record<string, string[]>> {
  const catalogue: Record<string, string[]> = {};
  for (const [part, query] of Object.entries(parts)) {
    const { rows } = await pool.query<{ line: string }>(`${query} order by line`);
    catalogue[part] = rows.map(({ line }) => line);
  }
  return catalogue;
}
