import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stopAbandonedPostgres } from '../../runtime/postgres-server.js';
import { stopAbandonedTemporal } from '../../runtime/temporal-server.js';
import { eventually } from '../support/eventually.js';
import { root } from './command-line.js';

interface TemporaryRun {
  processesOf: (folder: string) => number[];
}
const { processesOf } = (await import(
  new URL('../../scripts/temporary-run.mjs', import.meta.url).href
)) as TemporaryRun;

const plainVitest = path.join('node_modules', 'vitest', 'vitest.mjs');
/** One that needs the servers, and no browser. */
const oneFile = ['--project', 'services', 'test/integration/store/errors.test.ts'];

let folder: string;
let child: ChildProcess | null;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'told-to-end-'));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  for (const directory of serverFolders()) {
    await stopAbandonedPostgres(directory);
    await stopAbandonedTemporal(directory);
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('a run of the tests that is told to end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('leaves no server and no file after %s', async (signal) => {
    const { ended } = await startUntilServersRun(['scripts/test.mjs', ...oneFile]);
    child!.kill(signal);
    expect(await ended).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(processesOf(folder)).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('tidemark-'))).toEqual([]);
  });

  it('would leave its servers without what ends them', async () => {
    const { ended } = await startUntilServersRun([plainVitest, 'run', ...oneFile]);
    child!.kill('SIGINT');
    await ended;
    expect(processesOf(folder)).not.toEqual([]);
  });
});

/** @returns with the exit code that it will end with */
async function startUntilServersRun(args: readonly string[]): Promise<{ ended: Promise<number | null> }> {
  child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child!.once('exit', resolve));
  await eventually(
    () =>
      serverFolders().some(
        (directory) =>
          existsSync(path.join(directory, 'temporal.json')) &&
          existsSync(path.join(directory, 'postgres', 'data', 'postmaster.pid')),
      ),
    { timeoutMs: 90_000, what: 'the servers of the run' },
  );
  return { ended };
}

function serverFolders(): string[] {
  const within = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return within
    .filter((name) => path.basename(name).startsWith('tidemark-test-'))
    .map((name) => path.join(folder, name));
}
