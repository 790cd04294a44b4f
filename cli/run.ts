/** Reads arguments, runs one command, and ends with its exit code. */
import { CommanderError } from 'commander';
import { sanitiseText } from '../runtime/sanitise.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { Output } from './output.js';
import { buildProgram } from './program.js';

/** Runs the command line given and returns the code to exit with; never throws. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  try {
    const program = await buildProgram((code) => {
      exitCode = code;
    }, argv);
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { tellFailure } = await import('./failures.js');
    const told = tellFailure(error);
    const output = new Output({ json: false, quiet: false });
    output.error(sanitiseText(told.message), told.mend);
    return told.exitCode;
  }
}
