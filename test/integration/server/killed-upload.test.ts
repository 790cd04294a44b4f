/** The server is killed while it loads an uploaded file: what was loaded stays, and loading it again completes it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitUpload } from '../../../services/csv-upload.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { digest } from '../../workflows/pipeline.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Five chunks, each a transaction of its own. */
const rows = 100_000;
const badLines = [1_001, 90_001];

function csv(): string {
  const lines = ['platform,external_id,metric,value,recorded_at'];
  for (let row = 0; row < rows; row++) {
    const at = new Date(Date.parse('2026-01-01T00:00:00Z') + (row % 500) * 3_600_000).toISOString();
    const value = badLines.includes(row) ? 'many' : String(1_000 + row);
    lines.push(`tiktok,killed-${String(Math.floor(row / 500))},views,${value},${at}`);
  }
  return `${lines.join('\n')}\n`;
}

let folder: string;
let struck: TestDatabase;
let undisturbed: TestDatabase;
let server: SiteProcess | null = null;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidemark-killed-'));
  [struck, undisturbed] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await server?.kill();
  await Promise.all([struck.drop(), undisturbed.drop()]);
  await rm(folder, { recursive: true, force: true });
});

interface SiteProcess {
  url: string;
  kill(): Promise<void>;
}

/** `tidemark serve` over the struck database, on a port that is free, without Temporal. */
async function serve(): Promise<SiteProcess> {
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'bin', 'tidemark.js'), 'serve'], {
    cwd: root,
    env: {
      ...process.env,
      TIDEMARK_STATE_DIRECTORY: folder,
      DATABASE_URL: struck.url,
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      HTTP_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const url = await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`The site ended: ${output}`);
      return /http:\/\/[\d.:]+/.exec(output)?.[0] ?? false;
    },
    { timeoutMs: 90_000, what: 'the site to be ready' },
  );
  return {
    url,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function commit({ url }: SiteProcess, place: string, form: string): Promise<Response> {
  return fetch(`${url}${place}/commit`, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ _form: form }) },
    headers: { accept: 'text/html' },
  });
}

async function loaded({ pool }: TestDatabase): Promise<{ snapshots: number; quarantined: number }> {
  const { rows: told } = await pool.query<{ snapshots: number; quarantined: number }>(
    `select (select count(*)::int from engagement_snapshots) as snapshots,
       (select count(*)::int from quarantined_rows) as quarantined`,
  );
  return told[0]!;
}

it('ends with the tables of an undisturbed one, and with its run told as lost', async () => {
  const file = path.join(folder, 'figures.csv');
  await writeFile(file, csv());
  const clock = { now: () => new Date() };
  await commitUpload({ pool: undisturbed.pool, clock }, { path: file, format: 'long-csv' });

  server = await serve();
  const body = new FormData();
  body.append('format', 'long-csv');
  body.append('account', '');
  body.append('file', new File([csv()], 'figures.csv', { type: 'text/csv' }));
  const sent = await fetch(`${server.url}/add-data/uploads`, {
    ...{ method: 'POST', redirect: 'manual', body },
    headers: { accept: 'text/html' },
  });
  expect(sent.status).toBe(303);
  const place = sent.headers.get('location')!;
  const broken = commit(server, place, 'first').catch(() => 'broken off');
  await eventually(async () => (await loaded(struck)).snapshots > 0, { timeoutMs: 60_000, intervalMs: 5 });
  await server.kill();
  expect(await broken).toBe('broken off');
  const half = await loaded(struck);
  expect(half.snapshots).toBeGreaterThan(0);
  expect(half.snapshots).toBeLessThan(rows - badLines.length);

  server = await serve();
  // The form that was sent is still held by the process that went down; the page gives a new one.
  expect((await commit(server, place, 'first')).status).toBe(409);
  const again = await commit(server, place, 'second');
  expect([again.status, again.headers.get('location')]).toEqual([303, place]);
  expect(await loaded(struck)).toEqual({ snapshots: rows - badLines.length, quarantined: badLines.length });
  expect(await loaded(struck)).toEqual(await loaded(undisturbed));
  expect(await digest(struck.pool)).toBe(await digest(undisturbed.pool));
  const { rows: runs } = await struck.pool.query<{ state: string; failure: string | null }>(
    'select state, failure_message as failure from runs order by id',
  );
  expect(runs).toEqual([
    { state: 'failed', failure: expect.stringContaining('went down') as string },
    { state: 'partial', failure: null },
  ]);
});
