/** The command line: every command there is. */
import type { Command } from 'commander';
import { addAccountCommands } from './commands/account.js';
import { addAdminCommands } from './commands/admin.js';
import { addAnalyseCommands } from './commands/analyse.js';
import { addBackfillCommands } from './commands/backfill.js';
import { addBenchmarkCommands } from './commands/benchmark.js';
import { addCollectCommand } from './commands/collect.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addExperimentCommands } from './commands/experiment.js';
import { addExportCommand } from './commands/export.js';
import { addFindingCommands } from './commands/findings.js';
import { addImportCommand } from './commands/import.js';
import { addInsightCommands } from './commands/insights.js';
import { addKeyCommands } from './commands/key.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addRecordCommands } from './commands/record.js';
import { addReleaseCommands } from './commands/release.js';
import { addRunCommands } from './commands/run.js';
import { addScheduleCommands } from './commands/schedule.js';
import { addServeCommand } from './commands/serve.js';
import { addServerCommands } from './commands/servers.js';
import { addSourceCommands } from './commands/source.js';
import { addWorkerCommand } from './commands/worker.js';
import type { ExitCode } from './exit-codes.js';
import { rootCommand } from './root-command.js';

/** Every command adds itself; `settle` takes the exit code of the one that ran. */
export function buildProgram(settle: (code: ExitCode) => void): Command {
  const program = rootCommand();
  addServerCommands(program, settle);
  addDoctorCommand(program, settle);
  addMigrateCommand(program, settle);
  addWorkerCommand(program, settle);
  addServeCommand(program);
  addKeyCommands(program);
  addCollectCommand(program, settle);
  addBackfillCommands(program, settle);
  addImportCommand(program, settle);
  addExportCommand(program, settle);
  addScheduleCommands(program);
  addRunCommands(program, settle);
  addReleaseCommands(program);
  addAccountCommands(program);
  addSourceCommands(program);
  addRecordCommands(program);
  addBenchmarkCommands(program);
  addExperimentCommands(program);
  addFindingCommands(program);
  addInsightCommands(program);
  addAdminCommands(program, settle);
  addAnalyseCommands(program, settle);
  return program;
}
