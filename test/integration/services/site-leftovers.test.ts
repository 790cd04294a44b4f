/** What using the site leaves behind: kept answers, sessions and uploads go once nobody can ask for them. */
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeAbandonedUploads } from '../../../services/abandoned-uploads.js';
import { createKey, roles } from '../../../services/access-keys.js';
import { keepPendingUpload } from '../../../services/pending-upload.js';
import { cleanupOldData } from '../../../services/retention.js';
import { claimIdempotencyKey, keepAnswer } from '../../../store/idempotency.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let directory: string;
const now = new Date('2026-03-10T12:00:00Z');
const clock = { now: () => now };
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
beforeAll(async () => {
  [database, directory] = await Promise.all([
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'tidemark-leftovers-')),
  ]);
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

it('removes kept answers past their day and sessions that are over, or only counts them', async () => {
  const { pool } = database;
  for (const [key, hours] of [
    ['yesterday', 25],
    ['today', 23],
  ] as const) {
    const claim = { actor: 'key a', key, requestSha256: Buffer.alloc(32) };
    await claimIdempotencyKey(pool, { ...claim, now: hoursAgo(hours) });
    await keepAnswer(pool, { actor: 'key a', key, status: 200, body: {}, location: null });
  }
  const {
    kept: { id },
  } = await createKey(pool, { name: 'a', scopes: roles.viewer }, clock);
  for (const [name, expires, ended] of [
    ['expired', 1, null],
    ['signed out', -5, 2],
    ['open', -5, null],
  ] as const)
    await pool.query(
      `insert into web_sessions (token_sha256, api_key_id, created_at, expires_at, ended_at)
       values (sha256(convert_to($1, 'UTF8')), $2, $3, $4, $5)`,
      [name, id, hoursAgo(10), hoursAgo(expires), ended === null ? null : hoursAgo(ended)],
    );
  const deps = { pool, clock, directory: join(directory, 'exports') };
  const rehearsal = await cleanupOldData(deps, 365, { dryRun: true });
  expect(rehearsal).toMatchObject({ removed_answers: 1, removed_sessions: 2 });
  expect(await cleanupOldData(deps, 365, { dryRun: false })).toEqual({ ...rehearsal, dry_run: false });
  expect((await pool.query('select key from idempotent_requests')).rows).toEqual([{ key: 'today' }]);
  expect((await pool.query('select token_sha256 from web_sessions')).rowCount).toBe(1);
  expect(
    (await pool.query(`select from web_sessions where ended_at is null and expires_at > $1`, [now])).rowCount,
  ).toBe(1);
  expect(await cleanupOldData(deps, 365, { dryRun: false })).toMatchObject({
    removed_answers: 0,
    removed_sessions: 0,
  });
});

it('removes uploads that nobody will come back for, or only counts them', async () => {
  const kept = join(directory, 'uploads');
  const waiting = join(kept, 'waiting');
  const place = async (path: string, hours: number): Promise<void> => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, 'x');
    for (const touched of [path, join(path, '..')])
      if (touched !== kept) await utimes(touched, hoursAgo(hours), hoursAgo(hours));
  };
  const upload = { name: 'a.csv', format: 'long-csv', account: null, actor: 'key a' } as const;
  const content = 'platform,external_id,metric,value,recorded_at\nyoutube,one,views,1,2026-03-01T12:00:00Z\n';
  const old = await keepPendingUpload(
    waiting,
    { ...upload, content: Readable.from(content) },
    hoursAgo(24.5),
  );
  const young = await keepPendingUpload(waiting, { ...upload, content: Readable.from(content) }, hoursAgo(1));
  // Its process went down while the note was written.
  await place(join(waiting, 'torn', 'upload.json'), 30);
  await place(join(kept, 'incoming-broken-off'), 30);
  await place(join(kept, 'incoming-being-sent'), 1);
  await place(join(kept, '0'.repeat(32), 'old.csv'), 31 * 24);
  await place(join(kept, '1'.repeat(32), 'new.csv'), 29 * 24);
  await place(join(kept, 'somebody-elses', 'file'), 9_999);

  const deps = { clock, kept, waiting };
  expect(await removeAbandonedUploads(deps, true)).toBe(4);
  expect(await readdir(waiting)).toHaveLength(3);
  expect(await removeAbandonedUploads(deps, false)).toBe(4);
  expect(await readdir(waiting)).toEqual([young.id]);
  expect(await readdir(waiting)).not.toContain(old.id);
  expect((await readdir(kept)).sort()).toEqual([
    '1'.repeat(32),
    'incoming-being-sent',
    'somebody-elses',
    'waiting',
  ]);
  expect(await removeAbandonedUploads(deps, false)).toBe(0);
  expect(
    await removeAbandonedUploads(
      { ...deps, kept: join(directory, 'none'), waiting: join(directory, 'none') },
      false,
    ),
  ).toBe(0);
});
