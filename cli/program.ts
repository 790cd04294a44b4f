/** The command line: reads arguments, runs one command, and ends with its exit code. */
import { Command, CommanderError } from 'commander';
import { sanitiseText } from '../runtime/sanitise.js';
import { addAccountCommands } from './commands/account.js';
import { addBackfillCommands } from './commands/backfill.js';
import { addCollectCommand } from './commands/collect.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addImportCommand } from './commands/import.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addRecordCommands } from './commands/record.js';
import { addReleaseCommands } from './commands/release.js';
import { addRunCommands } from './commands/run.js';
import { addScheduleCommands } from './commands/schedule.js';
import { addServerCommands } from './commands/servers.js';
import { addSourceCommands } from './commands/source.js';
import { addWorkerCommand } from './commands/worker.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { tellFailure } from './failures.js';
import { Output } from './output.js';

const version = '1.0.0';

/** Every command adds itself; `settle` takes the exit code of the one that ran. */
export function buildProgram(settle: (code: ExitCode) => void): Command {
  const program = new Command('tidemark')
    .description('Collects what each release gained, keeps every correction, and turns it into answers.')
    .version(version)
    .option('--json', 'print data as one JSON document')
    .option('-q, --quiet', 'no progress on standard error')
    .option('--state <directory>', 'where the embedded servers keep their state')
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();
  addServerCommands(program, settle);
  addDoctorCommand(program, settle);
  addMigrateCommand(program, settle);
  addWorkerCommand(program, settle);
  addCollectCommand(program, settle);
  addBackfillCommands(program, settle);
  addImportCommand(program, settle);
  addScheduleCommands(program);
  addRunCommands(program, settle);
  addReleaseCommands(program);
  addAccountCommands(program);
  addSourceCommands(program);
  addRecordCommands(program);
  return program;
}

/** Runs the command line given and returns the code to exit with; never throws. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const told = tellFailure(error);
    const output = new Output({ json: false, quiet: false });
    output.error(sanitiseText(told.message), told.mend);
    return told.exitCode;
  }
}
