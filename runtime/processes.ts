/** Processes that outlive the one that started them: starting, recognising and ending them by id. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A user that a process is started as; only root may name one. */
export interface Account {
  uid: number;
  gid: number;
}

export interface BackgroundProcess {
  pid: number;
  /** Settles when the process has ended, with how it ended in words. */
  ended: Promise<string>;
}

export interface BackgroundCommand {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  account: Account | null;
  /** Both output streams are appended here. */
  logFile: string;
}

/** A log past this size starts anew: nobody rotates the files of an embedded server. */
const maxLogBytes = 16 * 1024 * 1024;

/**
 * Starts a process in a group of its own, so that Ctrl-C at the terminal reaches the supervisor alone and
 * the supervisor decides the order in which things stop.
 *
 * @throws when the program cannot be executed.
 */
export async function startBackground(command: BackgroundCommand): Promise<BackgroundProcess> {
  const size = statSync(command.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxLogBytes) truncateSync(command.logFile);
  const log = openSync(command.logFile, 'a', 0o600);
  try {
    const child = spawn(command.command, command.args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(command.account ?? {}),
    });
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { pid: child.pid!, ended };
  } finally {
    closeSync(log);
  }
}

/** Takes over a process that an earlier run left behind; its end is noticed within a second. */
export function adoptProcess(pid: number): BackgroundProcess {
  const ended = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (isRunning(pid)) return;
      clearInterval(timer);
      resolve('an exit code that only its parent was told');
    }, 500);
    timer.unref();
  });
  return { pid, ended };
}

/** Whether a process of that id does anything yet; a zombie that its parent never reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in parentheses and may hold any character; the state follows it.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z';
  } catch {
    return true;
  }
}

/** The command line of a process, or null when there is none of that id. Ids are reused: check before a kill. */
export function commandLineOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Whether the process of that id is the one whose command line holds `mark`. */
export function isProcessOf(pid: number, mark: string): boolean {
  return isRunning(pid) && (commandLineOf(pid)?.includes(mark) ?? false);
}

export interface StopStep {
  signal: NodeJS.Signals;
  waitMs: number;
}

/**
 * Sends one signal after another, each with its time to act, until the process has gone.
 *
 * @returns the signal that did it, or null when the process outlived them all or had gone before.
 */
export async function stopProcess(pid: number, steps: readonly StopStep[]): Promise<NodeJS.Signals | null> {
  for (const step of steps) {
    if (!isRunning(pid)) return null;
    try {
      process.kill(pid, step.signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null;
      throw error;
    }
    const deadline = Date.now() + step.waitMs;
    while (Date.now() < deadline) {
      if (!isRunning(pid)) return step.signal;
      await pause(25);
    }
  }
  return null;
}

/** The end of a log file, for an error message; empty when there is none. */
export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
