/** A worker as an operator starts it, to be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface WorkerProcess {
  /** Ends the process and waits until it is gone; returns its exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  output(): string;
}

/**
 * Starts `tidemark worker` and waits until it polls.
 * @throws Error with its output when it ends instead
 */
export async function startWorkerProcess(environment: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'tidemark.js'), 'worker'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const worker: WorkerProcess = { end: (signal) => end(child, signal), output: () => output };
  try {
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`The worker ended: ${output}`);
        return output.includes('Working on');
      },
      { timeoutMs: 90_000, what: 'the worker to be ready' },
    );
  } catch (error) {
    await worker.end('SIGKILL');
    throw error;
  }
  return worker;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  }
  return child.exitCode;
}
