/** Reads arguments, runs one command, and ends with its exit code. */
import { CommanderError, type Command } from 'commander';
import { sanitiseText } from '../runtime/sanitise.js';
import { addAnalyseCommands } from './commands/analyse.js';
import type { Settle } from './commands/settle.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { Output } from './output.js';
import { rootCommand } from './root-command.js';

type BuildProgram = (settle: Settle) => Command;

/**
 * Analysing lines needs no client of a server and no database, which take 0.7 s to load: where it is asked for,
 * it is the only command that is built.
 */
async function builderFor(argv: readonly string[]): Promise<BuildProgram> {
  if (argv[0] !== 'analyse') return (await import('./program.js')).buildProgram;
  return (settle) => {
    const program = rootCommand();
    addAnalyseCommands(program, settle);
    return program;
  };
}

/** Runs the command line given and returns the code to exit with; never throws. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  try {
    const build = await builderFor(argv);
    const program = build((code) => {
      exitCode = code;
    });
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
