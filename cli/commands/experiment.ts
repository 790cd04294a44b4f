import { Option, type Command } from 'commander';
import type { ExperimentObservation } from '../../services/experiment-models.js';
import { ExperimentService } from '../../services/experiments.js';
import type { ExperimentStatus } from '../../store/experiments.js';
import type { Queryable } from '../../store/queryable.js';
import { numberArgument, wholeNumberArgument } from '../arguments.js';
import { evaluationText, experimentTable } from '../experiment-view.js';
import { artistNamed, personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession, type Session } from '../session.js';

interface WriteOptions {
  by?: string;
  dryRun?: boolean;
}

interface AddOptions extends WriteOptions {
  artist: string;
  metric: string;
  kind: 'proportion' | 'mean';
  variant: string[];
  baseline: number;
  effect: number;
  deviation?: number;
  goal: 'increase' | 'decrease';
  alpha: number;
  power: number;
  age?: number;
  hypothesis?: string;
}

interface RecordOptions extends WriteOptions {
  trials: number;
  successes?: number;
  mean?: number;
  variance?: number;
  release?: number;
  content?: string;
}

const idArgument = wholeNumberArgument(1, 2_147_483_647);
const countArgument = wholeNumberArgument(0, Number.MAX_SAFE_INTEGER);

export function addExperimentCommands(program: Command): void {
  const experiment = program.command('experiment').description('A/B tests, looked at as often as you like');
  addReadingCommands(experiment);
  addAddCommand(experiment);
  addRecordCommand(experiment);
  addAssignCommand(experiment);
  addEndingCommands(experiment);
}

function addReadingCommands(experiment: Command): void {
  experiment
    .command('list')
    .description('the newest first')
    .addOption(new Option('--status <status>').choices(['running', 'decided', 'closed']))
    .action((options: { status?: ExperimentStatus }, self: Command) =>
      withSession(self, async (session) => {
        const found = await (await serviceOf(session)).list(options);
        session.output.data(found, () => experimentTable(found));
      }),
    );
  experiment
    .command('show')
    .argument('<id>', 'a test’s number', idArgument)
    .description('the test with its evaluation as it stands')
    .action((id: number, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const service = await serviceOf(session);
        const [test, evaluation] = [await service.show(id), await service.evaluate(id)];
        session.output.data({ ...test, evaluation }, () =>
          [experimentTable([test]), '', evaluationText(evaluation)].join('\n'),
        );
      }),
    );
}

function addAddCommand(experiment: Command): void {
  const add = experiment
    .command('add <name>')
    .description('define a test and start it; the sample is planned here')
    .requiredOption('--artist <name>', 'whose test it is')
    .requiredOption('--metric <name>', 'clicks, views, …')
    .addOption(new Option('--kind <kind>').choices(['proportion', 'mean']).makeOptionMandatory())
    .requiredOption('--variant <name...>', 'the control first')
    .requiredOption(
      '--baseline <number>',
      'the control’s share or mean, as far as it is known',
      numberArgument,
    )
    .requiredOption('--effect <number>', 'the smallest difference that matters', numberArgument)
    .option('--deviation <number>', 'of a single observation; a mean needs it', numberArgument)
    .addOption(new Option('--goal <goal>').choices(['increase', 'decrease']).default('increase'))
    .option('--alpha <number>', 'chance of a winner without a difference', numberArgument, 0.05)
    .option('--power <number>', 'chance of finding the effect', numberArgument, 0.8)
    .option('--age <days>', 'compare assigned contents at this age', wholeNumberArgument(1, 36_500))
    .option('--hypothesis <text>');
  writing(add).action((name: string, options: AddOptions, self: Command) =>
    withSession(self, async (session) => {
      const { metric, kind, variant, baseline, effect, goal, alpha, power } = options;
      const added = await rehearsed(session, options, async (service, by, db) =>
        service.define(
          {
            ...{ name, metric, kind, baseline, minimumEffect: effect, goal, alpha, power },
            artistId: await artistNamed(db, options.artist),
            variants: variant.map((one) => ({ name: one })),
            standardDeviation: options.deviation ?? null,
            ...{ ageDays: options.age ?? null, hypothesis: options.hypothesis ?? null },
          },
          by,
        ),
      );
      const planned = `${String(added.planned_per_variant)} observations a variant`;
      session.output.data(options.dryRun === true ? { ...added, id: null } : added, () =>
        options.dryRun === true
          ? `Would add “${name}”, which needs ${planned}.`
          : `A/B test ${String(added.id)}, “${name}”, runs; it needs ${planned}.`,
      );
    }),
  );
}

function addRecordCommand(experiment: Command): void {
  const record = experiment
    .command('record')
    .argument('<id>', 'a test’s number', idArgument)
    .argument('<variant>')
    .description('a variant’s totals so far, in the place of the former ones')
    .requiredOption('--trials <count>', 'trials, or observations of a mean', countArgument)
    .option('--successes <count>', 'of a proportion', countArgument)
    .option('--mean <number>', 'of a mean', numberArgument)
    .option('--variance <number>', 'of a mean', numberArgument)
    .option('--release <id>', 'the release that they are of', idArgument)
    .option('--content <id>', 'the content that they are of');
  writing(record).action((id: number, variant: string, options: RecordOptions, self: Command) =>
    withSession(self, async (session) => {
      const observation: ExperimentObservation = {
        trials: options.trials,
        ...(options.successes === undefined ? {} : { successes: options.successes }),
        ...(options.mean === undefined ? {} : { mean: options.mean }),
        ...(options.variance === undefined ? {} : { variance: options.variance }),
        ...(options.release === undefined ? {} : { releaseId: options.release }),
        ...(options.content === undefined ? {} : { contentId: options.content }),
      };
      await rehearsed(session, options, (service, by) =>
        service.recordObservation(id, variant, observation, by),
      );
      tellDone(session, options, { id, variant, trials: options.trials }, 'record', `“${variant}”`);
    }),
  );
}

function addAssignCommand(experiment: Command): void {
  const assign = experiment
    .command('assign')
    .argument('<id>', 'a test’s number', idArgument)
    .argument('<variant>')
    .argument('<content...>', 'contents by their key or the platform’s id')
    .description('give contents to a variant of a test at equal age');
  writing(assign).action(
    (id: number, variant: string, contents: string[], options: WriteOptions, self: Command) =>
      withSession(self, async (session) => {
        await rehearsed(session, options, (service, by) => service.assignContents(id, variant, contents, by));
        tellDone(
          session,
          options,
          { id, variant, contents },
          'assign',
          `${contents.join(', ')} to “${variant}”`,
        );
      }),
  );
}

function addEndingCommands(experiment: Command): void {
  const ending = (name: string, description: string): Command =>
    writing(
      experiment.command(name).argument('<id>', 'a test’s number', idArgument).description(description),
    ).option('--note <text>', 'why');
  ending('decide', 'end a test with its winner, or with the variant told')
    .option('--variant <name>', 'the winner unless told')
    .action((id: number, options: WriteOptions & { variant?: string; note?: string }, self: Command) =>
      withSession(self, async (session) => {
        const choice = {
          ...(options.variant === undefined ? {} : { variant: options.variant }),
          ...(options.note === undefined ? {} : { note: options.note }),
        };
        const test = await rehearsed(session, options, (service, by) => service.decide(id, by, choice));
        const fields = { id, decision: test.decision };
        tellDone(session, options, fields, 'decide', `“${test.name}” for “${test.decision ?? ''}”`);
      }),
    );
  ending('close', 'end a test without a decision').action(
    (id: number, options: WriteOptions & { note?: string }, self: Command) =>
      withSession(self, async (session) => {
        const test = await rehearsed(session, options, (service, by) => service.close(id, by, options.note));
        tellDone(session, options, { id }, 'close', `“${test.name}”`);
      }),
  );
}

function writing(command: Command): Command {
  return command
    .option('--by <name>', 'who does it; the shell’s user unless told')
    .option('--dry-run', 'check and change nothing');
}

async function rehearsed<Result>(
  session: Session,
  options: WriteOptions,
  work: (service: ExperimentService, by: string, db: Queryable) => Promise<Result>,
): Promise<Result> {
  const by = personAtHand(session, options.by);
  return inRehearsableTransaction(await session.pool(), options.dryRun === true, async (db) =>
    work(await serviceOf(session, db), by, db),
  );
}

async function serviceOf(session: Session, db?: Queryable): Promise<ExperimentService> {
  const deps = { pool: await session.pool(), clock: session.clock };
  return new ExperimentService(db === undefined ? deps : { ...deps, db });
}

const pasts = { record: 'recorded', assign: 'assigned', decide: 'decided', close: 'closed' } as const;

function tellDone(
  session: Session,
  { dryRun }: WriteOptions,
  fields: object,
  verb: keyof typeof pasts,
  what: string,
): void {
  const past = pasts[verb];
  const done = dryRun !== true;
  session.output.data({ ...fields, [past]: done }, () =>
    done ? `${past[0]!.toUpperCase()}${past.slice(1)} ${what}.` : `Would ${verb} ${what}.`,
  );
}
