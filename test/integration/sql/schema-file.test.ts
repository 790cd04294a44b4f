import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, migrationNames, migrationStatus } from '../../../store/migrate.js';
import { renderSchemaFile } from '../../../store/schema-file.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { readCatalogue } from './catalogue.js';

const logger = pino({ level: 'silent' });
let fromFile: TestDatabase;
let fromMigrations: TestDatabase;
beforeAll(async () => {
  [fromFile, fromMigrations] = await Promise.all([
    createTestDatabase({ migrated: false }),
    createTestDatabase({ migrated: false }),
  ]);
  await fromFile.pool.query(await readFile(new URL('../../../sql/schema.sql', import.meta.url), 'utf8'));
  await migrate({ databaseUrl: fromMigrations.url, logger });
});
afterAll(async () => {
  await fromFile.drop();
  await fromMigrations.drop();
});

test('sql/schema.sql is what the migrations make of it (npm run schema writes it anew)', async () => {
  const written = await readFile(new URL('../../../sql/schema.sql', import.meta.url), 'utf8');
  expect(written === (await renderSchemaFile())).toBe(true);
});

test('holds SQL alone, without commands of psql', async () => {
  expect(await renderSchemaFile()).not.toMatch(/^\\/m);
});

test('gives the same catalogue as the migrations', async () => {
  const [one, other] = await Promise.all([readCatalogue(fromFile.pool), readCatalogue(fromMigrations.pool)]);
  expect(one).toEqual(other);
  for (const [part, lines] of Object.entries(one)) expect(lines, part).not.toHaveLength(0);
});

test('a comparison of catalogues sees a grant that is missing', async () => {
  const client = await fromFile.pool.connect();
  try {
    const whole = await readCatalogue(fromMigrations.pool);
    await client.query('revoke select on releases from tidemark_app');
    expect(await readCatalogue(fromFile.pool)).not.toEqual(whole);
    await client.query('grant select on releases to tidemark_app');
  } finally {
    client.release();
  }
});

test('leaves a later migrate nothing to do', async () => {
  expect((await migrationStatus({ databaseUrl: fromFile.url })).applied).toEqual(await migrationNames());
  expect(await migrate({ databaseUrl: fromFile.url, logger })).toEqual([]);
});
