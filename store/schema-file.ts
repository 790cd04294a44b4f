/** `sql/schema.sql`: the whole schema in one file, for whoever brings up a database with psql alone. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationNames, migrationsTable, shippedMigrations } from './migrate.js';

const header = `-- The whole schema, generated from sql/migrations in their order by \`npm run schema\`; not to be edited.
-- \`psql -f sql/schema.sql\` on an empty database gives what \`tidemark migrate\` gives, and records it, so that
-- later migrations go on from there.

begin;

-- As the migrations runner makes it.
create table public.${migrationsTable} (
  id serial primary key,
  name varchar(255) not null,
  run_on timestamp not null
);
`;

/** The text that `sql/schema.sql` has when it is current. */
export async function renderSchemaFile(directory: string = shippedMigrations): Promise<string> {
  const parts = [header];
  for (const name of await migrationNames(directory)) {
    const text = await readFile(join(directory, `${name}.sql`), 'utf8');
    parts.push(
      `-- ${'-'.repeat(20)} ${name} ${'-'.repeat(20)}\n\n${text.trim()}\n`,
      `insert into public.${migrationsTable} (name, run_on) values ('${name}', now());\n`,
    );
  }
  return [...parts, 'commit;\n'].join('\n');
}
