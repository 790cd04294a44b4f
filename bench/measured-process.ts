/** Measurements in a process of their own, so that its memory is that of what is measured and of nothing else. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Measured<Result> {
  result: Result;
  /** The most that the process ever held, its start included. */
  peakRssMiB: number;
}

type Answer<Result> = Measured<Result> | { failure: string };

/**
 * Runs a script that calls `serveMeasurement`, hands it the input and returns its answer.
 * @param input JSON
 * @throws Error with the stack of what the script threw, or with how it ended without an answer
 */
export async function measureInProcess<Result>(script: URL, input: object): Promise<Measured<Result>> {
  const child = fork(fileURLToPath(script), { cwd: root, execArgv: ['--import', 'tsx'] });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  try {
    const answer = await new Promise<Answer<Result>>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Answer<Result>));
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(new Error(`The measured process ended without an answer (${signal ?? String(code)})`)),
      );
      child.send({ input });
    });
    if ('failure' in answer) throw new Error(answer.failure);
    return answer;
  } finally {
    process.off('exit', stop);
    stop();
  }
}

/**
 * In the script: takes the one input, measures, and answers.
 * @param measure of the input that the caller of `measureInProcess` hands over, and returning what it expects
 */
export function serveMeasurement(measure: (input: never) => Promise<unknown>): void {
  const answer = (message: Answer<unknown>): void => void process.send?.(message);
  // An orphan has nobody to answer to.
  process.once('disconnect', () => process.exit(1));
  process.once('message', ({ input }: { input: never }) => {
    measure(input).then(
      (result) => answer({ result, peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024) }),
      (error: unknown) => answer({ failure: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  });
}
