import type { ExitCode } from './exit-codes.js';

/** A failure that a command tells in its own words, with its exit code and the mend. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly mend?: string,
  ) {
    super(message);
  }
}
