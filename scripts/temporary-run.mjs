// A run with a temporary folder of its own, and nothing that was started from it outlives it.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const prefix = 'tidemark-run-';
const ownerFile = 'owner.pid';

/** What is thrown away needs no clean end, but a demonstration asked to stop ends its own servers in order. */
const steps = /** @type {const} */ ([
  { signal: 'SIGTERM', waitMs: 8_000 },
  // Postgres waits for its clients after TERM and ends their sessions after INT.
  { signal: 'SIGINT', waitMs: 8_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
]);

/**
 * Runs Node on a script with `TMPDIR` in a new folder. When it has ended, or when this process is told to
 * (Ctrl-C, SIGTERM), every process that still has that folder in its command or its environment is ended, and
 * the folder goes. What a killed run left is cleared first.
 * @param {string[]} args of Node
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} the exit code; 128 + the signal's number where one ended the run
 */
export async function temporaryRun(args, environment) {
  await clearAbandonedRuns();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  // Where root runs the tests, the account that Postgres runs as must be able to walk in.
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, ownerFile), String(process.pid));
  const child = spawn(process.execPath, args, {
    env: { ...environment, TMPDIR: folder },
    stdio: 'inherit',
  });
  /** @type {NodeJS.Signals | null} */
  let told = null;
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      // At a terminal the child was told too; a signal to one that has ended does nothing.
      told ??= signal;
      child.kill(signal);
    });
  const ended = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await clear(folder);
  const signal = told ?? ended.signal;
  return signal === null ? (ended.code ?? 1) : 128 + constants.signals[signal];
}

/** @param {string} folder */
async function clear(folder) {
  for (const { signal, waitMs } of steps) {
    const deadline = Date.now() + waitMs;
    for (const pid of processesOf(folder)) send(pid, signal);
    while (processesOf(folder).length > 0 && Date.now() < deadline) await pause(100);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function clearAbandonedRuns() {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const owner = join(folder, ownerFile);
    if (existsSync(owner) && !isRunning(Number(readFileSync(owner, 'utf8')))) await clear(folder);
  }
}

/**
 * Ids of the processes that a run's folder names: those with it as their `TMPDIR`, and servers whose data
 * stands in it, which are given no environment.
 * @param {string} folder
 * @returns {number[]}
 */
export function processesOf(folder) {
  const described = process.platform === 'linux' ? fromProc() : fromPs();
  const name = basename(folder);
  return described
    .filter(({ pid, text }) => pid !== process.pid && text.includes(name))
    .map(({ pid }) => pid);
}

/** @returns {{ pid: number, text: string }[]} */
function fromProc() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      text: readOrNothing(`/proc/${name}/cmdline`) + readOrNothing(`/proc/${name}/environ`),
    }));
}

/** One that has ended meanwhile, or another user's, tells nothing. @param {string} file */
function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @returns {{ pid: number, text: string }[]} */
function fromPs() {
  return execFileSync('ps', ['-E', '-A', '-ww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\n')
    .map((line) => ({ pid: Number.parseInt(line, 10), text: line }));
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
