/** Processes of the program's own, such as the worker: started ready, restarted when they die, drained. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Announce } from './announce.js';
import { ServerStartError } from './errors.js';
import { lastLines, stopProcess } from './processes.js';
import type { Service } from './supervisor.js';

export interface ChildOptions {
  name: string;
  /** Arguments of Node: the script and its own. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Both output streams are appended here. */
  logFile: string;
  /** What it is given to say that it is ready. */
  readyMs: number;
  /** What it is given to finish its work after SIGTERM, before it is killed. */
  drainMs: number;
  announce: Announce;
  /** Told the process id at every start. */
  onStarted?: (pid: number) => Promise<void> | void;
}

export interface ChildService extends Service {
  readonly pid: number;
  ended: Promise<string>;
}

/** A child that dies more often than this within the window is given up. */
const maxRestarts = 5;
const restartWindowMs = 300_000;

/**
 * Starts Node on a script and waits for its word that it is ready (`reportReady`). The child stands in a
 * process group of its own and ends by itself when its channel to us closes, so that it outlives neither a
 * Ctrl-C nor a killed supervisor. One that dies unasked is started again.
 *
 * @throws ServerStartError with the end of its log when it does not become ready.
 */
export async function startChild(options: ChildOptions): Promise<ChildService> {
  const child = { current: await launch(options), stopping: false };
  // A function, since the answer changes while the loop below waits.
  const isStopping = (): boolean => child.stopping;
  const restarts: number[] = [];

  const untilEnded = async (): Promise<string> => {
    for (;;) {
      const how = await child.current.exited;
      if (isStopping()) return how;
      const since = Date.now() - restartWindowMs;
      if (restarts.filter((at) => at > since).length >= maxRestarts) return `${how}, again and again`;
      restarts.push(Date.now());
      options.announce(`The ${options.name} ended by itself (${how}); it is started again.`);
      await pause(500 * restarts.length);
      if (isStopping()) return how;
      try {
        child.current = await launch(options);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      if (isStopping()) await stopProcess(child.current.pid, stopSteps(options.drainMs));
    }
  };
  const ended = untilEnded();

  return {
    get pid() {
      return child.current.pid;
    },
    ended,
    hurry: () => void child.current.process.kill('SIGKILL'),
    async stop() {
      child.stopping = true;
      await stopProcess(child.current.pid, stopSteps(options.drainMs));
      await ended;
    },
  };
}

function stopSteps(drainMs: number): Parameters<typeof stopProcess>[1] {
  return [
    { signal: 'SIGTERM', waitMs: drainMs },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ];
}

interface Launched {
  process: ChildProcess;
  pid: number;
  exited: Promise<string>;
}

async function launch(options: ChildOptions): Promise<Launched> {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
    });
  });
  const ready = new Promise<'ready'>((resolve) => {
    child.on('message', (message) => {
      if ((message as { ready?: boolean }).ready === true) resolve('ready');
    });
  });
  const timer = new AbortController();
  const late = pause(options.readyMs, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  const outcome = await Promise.race([ready, exited, late]);
  timer.abort();
  if (outcome !== 'ready') {
    child.kill('SIGKILL');
    const reason = outcome === 'late' ? `no word in ${Math.round(options.readyMs / 1000)} s` : outcome;
    throw new ServerStartError(
      `The ${options.name}`,
      `${reason}\n${lastLines(options.logFile, 12)}\n`,
      `Look at ${options.logFile}.`,
    );
  }
  await options.onStarted?.(child.pid!);
  return { process: child, pid: child.pid!, exited };
}

/** In the child: tells the supervisor, where there is one, that work can begin. */
export function reportReady(): void {
  process.send?.({ ready: true });
}

/**
 * In the child: settles at the first wish to stop — a signal, or the supervisor's death — and says which. The
 * channel to the supervisor is let go of then: it would keep a process alive that has nothing left to do.
 */
export function stopRequested(): Promise<NodeJS.Signals | 'orphaned'> {
  return new Promise((resolve) => {
    const orphaned = (): void => resolve('orphaned');
    process.once('disconnect', orphaned);
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        process.off('disconnect', orphaned);
        if (process.connected) process.disconnect();
        resolve(signal);
      });
  });
}
