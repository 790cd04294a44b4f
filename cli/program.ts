/** The command line: every command there is, of which those that are asked for are loaded. */
import { Help, type Command } from 'commander';
import type { Settle } from './commands/settle.js';
import { rootCommand } from './root-command.js';

interface CommandGroup {
  /** What its commands are called, and what each is for: as much as a list of them needs. */
  commands: Readonly<Record<string, string>>;
  /** Loads the function by which the commands add themselves, with whatever they need. */
  load: () => Promise<(program: Command, settle: Settle) => void>;
}

const groups: readonly CommandGroup[] = [
  {
    commands: {
      up: 'start the servers, the sandbox platforms, the worker and the schedules, and stay up',
      demo: '“up”, then the main job: collect, backfill, analyze; prints what came out',
      down: 'stop what runs out of the state directory, also what a killed start left behind',
    },
    load: async () => (await import('./commands/servers.js')).addServerCommands,
  },
  {
    commands: {
      doctor: 'check everything that the program stands on; each failed check has its mend',
    },
    load: async () => (await import('./commands/doctor.js')).addDoctorCommand,
  },
  {
    commands: {
      migrate: 'bring the database to this program’s schema',
    },
    load: async () => (await import('./commands/migrate.js')).addMigrateCommand,
  },
  {
    commands: {
      worker: 'run workflows and activities until it is told to stop',
    },
    load: async () => (await import('./commands/worker.js')).addWorkerCommand,
  },
  {
    commands: {
      serve: 'the site and the HTTP API, until it is told to stop',
    },
    load: async () => (await import('./commands/serve.js')).addServeCommand,
  },
  {
    commands: {
      key: 'keys of the HTTP API and the pages',
    },
    load: async () => (await import('./commands/key.js')).addKeyCommands,
  },
  {
    commands: {
      collect: 'collect now what the platforms tell, without waiting for the schedule',
    },
    load: async () => (await import('./commands/collect.js')).addCollectCommand,
  },
  {
    commands: {
      backfill: 'collect a range of the past',
    },
    load: async () => (await import('./commands/backfill.js')).addBackfillCommands,
  },
  {
    commands: {
      import: 'files that people have',
    },
    load: async () => (await import('./commands/import.js')).addImportCommand,
  },
  {
    commands: {
      export: 'figures as a file, or on standard output',
    },
    load: async () => (await import('./commands/export.js')).addExportCommand,
  },
  {
    commands: {
      schedule: 'what runs by itself, and when',
    },
    load: async () => (await import('./commands/schedule.js')).addScheduleCommands,
  },
  {
    commands: {
      run: 'what ran, from the ledger, with a link into Temporal’s UI',
    },
    load: async () => (await import('./commands/run.js')).addRunCommands,
  },
  {
    commands: {
      release: 'what the team releases',
    },
    load: async () => (await import('./commands/release.js')).addReleaseCommands,
  },
  {
    commands: {
      account: 'the channels and profiles that are collected from',
    },
    load: async () => (await import('./commands/account.js')).addAccountCommands,
  },
  {
    commands: {
      content: 'what a release is on each platform',
    },
    load: async () => (await import('./commands/content.js')).addContentCommands,
  },
  {
    commands: {
      annotation: 'notes on a moment, shown on the charts',
    },
    load: async () => (await import('./commands/annotation.js')).addAnnotationCommands,
  },
  {
    commands: {
      coverage: 'which days of each account and report are known, and how firmly',
      quota: 'what each platform’s quota has left, and when it is full again',
      restatements: 'values that were known and changed, the newest first',
    },
    load: async () => (await import('./commands/ledgers.js')).addLedgerCommands,
  },
  {
    commands: {
      quarantine: 'rows that could not be taken, and why',
    },
    load: async () => (await import('./commands/quarantine.js')).addQuarantineCommands,
  },
  {
    commands: {
      source: 'stock-footage sources and what they were worth',
    },
    load: async () => (await import('./commands/source.js')).addSourceCommands,
  },
  {
    commands: {
      record: 'values that a person tells',
    },
    load: async () => (await import('./commands/record.js')).addRecordCommands,
  },
  {
    commands: {
      benchmark: 'what the team’s contents, and others’, reach',
    },
    load: async () => (await import('./commands/benchmark.js')).addBenchmarkCommands,
  },
  {
    commands: {
      experiment: 'A/B tests, looked at as often as you like',
    },
    load: async () => (await import('./commands/experiment.js')).addExperimentCommands,
  },
  {
    commands: {
      anomalies: 'days that were unlike what was to be expected, the latest first',
      trends: 'where each series is heading, and what repeats and changes in it',
      forecast: 'the days ahead with intervals, beside what the forecast was worth so far',
      correlate: 'which features of contents go with their figures: the latest family of each artist',
      score: 'releases from 0 to 10 at equal age, with what each score consists of',
    },
    load: async () => (await import('./commands/findings.js')).addFindingCommands,
  },
  {
    commands: {
      insights: 'what to do next, and what became of it',
    },
    load: async () => (await import('./commands/insights.js')).addInsightCommands,
  },
  {
    commands: {
      admin: 'what only an administrator does',
    },
    load: async () => (await import('./commands/admin.js')).addAdminCommands,
  },
  {
    commands: {
      analyse: 'series as JSON lines on standard input to results as JSON lines, one a series',
    },
    load: async () => (await import('./commands/analyse.js')).addAnalyseCommands,
  },
  {
    commands: {
      config: 'the settings',
      completion: 'a script that completes commands and options; source it in the shell’s profile',
    },
    load: async () => (await import('./commands/config.js')).addConfigCommands,
  },
];

/**
 * The program with the command that is asked for whole, and the others by name alone: loading every command's
 * clients and analyses takes most of a second. `settle` takes the exit code of the command that ran.
 * @param words what was typed, or `all` for every command whole
 */
export async function buildProgram(settle: Settle, words: readonly string[] | 'all'): Promise<Command> {
  const program = rootCommand().configureHelp({ subcommandTerm });
  const asked = words === 'all' ? null : commandIn(words, program);
  // What completes commands has to know them all.
  const hasAll = words === 'all' || asked === 'completion';
  for (const { commands, load } of groups) {
    if (hasAll || (asked !== null && Object.hasOwn(commands, asked))) (await load())(program, settle);
    else for (const [name, about] of Object.entries(commands)) program.command(name).description(about);
  }
  return program;
}

/** The first word that is no option and no option's value; of `help`, what help is wanted for. */
function commandIn(words: readonly string[], program: Command): string | null {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    if (word.startsWith('-')) {
      if (program.options.some(({ short, long, required }) => required && (word === short || word === long)))
        index += 1;
    } else if (word !== 'help') return word;
  }
  return null;
}

/** In the program's own list the names alone, since of most commands nothing else is loaded. */
function subcommandTerm(command: Command): string {
  return command.parent?.parent == null ? command.name() : new Help().subcommandTerm(command);
}
