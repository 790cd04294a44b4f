import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild, type ChildOptions, type ChildService } from '../../../runtime/child-process.js';
import { ServerStartError } from '../../../runtime/errors.js';
import { isRunning } from '../../../runtime/processes.js';
import { eventually } from '../../support/eventually.js';

const script = new URL('../../support/obedient-child.mjs', import.meta.url).pathname;
const keeper = new URL('../../support/keep-child.mjs', import.meta.url).pathname;

describe('a child process of the program', () => {
  let directory: string;
  let trace: string;
  const said: string[] = [];
  const children: ChildService[] = [];

  const start = async (behaviour: string, more: Partial<ChildOptions> = {}): Promise<ChildService> => {
    const child = await startChild({
      name: 'worker',
      args: [script, behaviour, trace],
      env: process.env,
      cwd: directory,
      logFile: join(directory, 'worker.log'),
      readyMs: 20_000,
      drainMs: 5_000,
      announce: (line) => said.push(line),
      ...more,
    });
    children.push(child);
    return child;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'child-'));
    trace = join(directory, 'trace');
    said.length = 0;
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.stop();
  });

  it('drains at SIGTERM and ends', async () => {
    const child = await start('drains');
    await child.stop();
    expect(readFileSync(trace, 'utf8')).toBe('SIGTERM');
    expect(isRunning(child.pid)).toBe(false);
    expect(await child.ended).toBe('exit code 0');
  });

  it('is killed when it does not drain in time, and at once when hurried', async () => {
    const slow = await start('deaf', { drainMs: 300 });
    await slow.stop();
    expect(await slow.ended).toBe('signal SIGKILL');
    const hurried = await start('deaf', { drainMs: 60_000 });
    const stopping = hurried.stop();
    hurried.hurry?.();
    await stopping;
    expect(await hurried.ended).toBe('signal SIGKILL');
  });

  it('is started again when it dies unasked, under another id', async () => {
    const started: number[] = [];
    const child = await start('drains', { onStarted: (pid) => void started.push(pid) });
    const first = child.pid;
    process.kill(first, 'SIGKILL');
    await eventually(() => started.length === 2 && child.pid !== first);
    expect(said.join()).toContain('it is started again');
    await child.stop();
    expect(readFileSync(trace, 'utf8')).toBe('SIGTERM');
  });

  it('that cannot begin is an error with the end of its log', async () => {
    const failure = await start('fails').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerStartError);
    expect((failure as ServerStartError).message).toMatch(/exit code 7[\s\S]*it cannot begin/);
  });

  it('drains by itself when its supervisor is killed', async () => {
    const pidFile = join(directory, 'pid');
    writeFileSync(pidFile, '');
    const supervisor = fork(keeper, [script, trace, pidFile, directory], { silent: true });
    const pid = await eventually(() => Number(readFileSync(pidFile, 'utf8')) || false);
    supervisor.kill('SIGKILL');
    await eventually(() => !isRunning(pid));
    expect(existsSync(trace) && readFileSync(trace, 'utf8')).toBe('orphaned');
  });
});
