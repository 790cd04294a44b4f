import { Option, type Command } from 'commander';
import type { TrackRecord } from '../../analytics/insight-outcome.js';
import {
  InsightService,
  insightStatuses,
  type InsightTrackRecord,
  type ListedInsight,
  type ShownInsight,
} from '../../services/insight-service.js';
import { dayArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { table, type Cell } from '../output.js';
import { personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession, type Session } from '../session.js';

interface ListOptions {
  number: number;
  status?: string[];
  type?: string[];
  platform?: string;
}

interface DecisionOptions {
  by?: string;
  dryRun?: boolean;
}

const idArgument = wholeNumberArgument(1, Number.MAX_SAFE_INTEGER);

export function addInsightCommands(program: Command): void {
  const insights = program.command('insights').description('what to do next, and what became of it');
  addReadingCommands(insights);
  addDecisionCommands(insights);
}

function addReadingCommands(insights: Command): void {
  insights
    .command('list', { isDefault: true })
    .description('those that ask for attention, the highest rank first')
    .option('-n, --number <count>', 'how many', wholeNumberArgument(1, 1_000), 20)
    .addOption(new Option('--status <status...>', 'these instead').choices([...insightStatuses]))
    .option('--type <type...>', 'such as feature_association')
    .option('--platform <platform>', 'those that touch a content of it', platformArgument)
    .action((options: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const found = await (
          await serviceOf(session)
        ).list({
          ...{ limit: options.number, statuses: options.status, types: options.type },
          platforms: options.platform === undefined ? undefined : [options.platform],
        });
        session.output.data(found, () => insightTable(found));
      }),
    );
  insights
    .command('show')
    .argument('<id>', 'an insight’s number', idArgument)
    .description('an insight with its evidence, its history and what became of its prediction')
    .action((id: number, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const shown = await (await serviceOf(session)).show(String(id));
        session.output.data(shown, () => insightText(shown));
      }),
    );
  insights
    .command('record')
    .description('how many predictions held, of accepted insights and of dismissed ones')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const record = await (await serviceOf(session)).trackRecord();
        session.output.data(record, () => recordTable(record));
      }),
    );
}

function addDecisionCommands(insights: Command): void {
  const deciding = (name: string, description: string): Command =>
    insights
      .command(name)
      .argument('<id>', 'an insight’s number', idArgument)
      .description(description)
      .option('--by <name>', 'who decides; the shell’s user unless told')
      .option('--dry-run', 'check and change nothing');
  deciding('accept', 'the team acts on it; its prediction is checked in time')
    .option('--note <text>', 'what is done')
    .action((id: number, options: DecisionOptions & { note?: string }, self: Command) =>
      decide(self, options, 'accept', (service, by) => service.accept(String(id), by, options.note)),
    );
  deciding('dismiss', 'it stays away for 90 days, unless its evidence changes')
    .requiredOption('--reason <text>', 'why')
    .action((id: number, options: DecisionOptions & { reason: string }, self: Command) =>
      decide(self, options, 'dismiss', (service, by) => service.dismiss(String(id), by, options.reason)),
    );
  deciding('snooze', 'it comes back on a day')
    .requiredOption('--until <day>', 'an ISO day after today', dayArgument)
    .option('--note <text>', 'why')
    .action((id: number, options: DecisionOptions & { until: string; note?: string }, self: Command) =>
      decide(self, options, 'snooze', (service, by) =>
        service.snooze(String(id), by, options.until, options.note),
      ),
    );
}

const pasts = { accept: 'accepted', dismiss: 'dismissed', snooze: 'snoozed' } as const;

function decide(
  self: Command,
  options: DecisionOptions,
  verb: keyof typeof pasts,
  work: (service: InsightService, by: string) => Promise<ListedInsight>,
): Promise<void> {
  return withSession(self, async (session) => {
    const rehearse = options.dryRun === true;
    const by = personAtHand(session, options.by);
    const insight = await inRehearsableTransaction(await session.pool(), rehearse, (db) =>
      work(new InsightService({ db, clock: session.clock }), by),
    );
    session.output.data({ ...insight, [pasts[verb]]: !rehearse }, () =>
      rehearse ? `Would ${verb} “${insight.title}”.` : `“${insight.title}” is ${pasts[verb]}.`,
    );
  });
}

async function serviceOf(session: Session): Promise<InsightService> {
  return new InsightService({ db: await session.pool(), clock: session.clock });
}

function insightTable(found: readonly ListedInsight[]): string {
  if (found.length === 0) return 'No insight asks for attention.';
  return table(
    ['id', 'priority', 'rank', 'status', 'insight'],
    found.map(({ id, priority, rank, status, title }) => [
      ...[Number(id), priority, Math.round(rank * 100) / 100, status, title],
    ]),
  );
}

function recordTable({ accepted, dismissed }: InsightTrackRecord): string {
  const row = (decision: string, { checked, held, partly, missed, cannot_tell }: TrackRecord): Cell[] => [
    ...[decision, checked, held, partly, missed, cannot_tell],
  ];
  return table(
    ['decision', 'checked', 'held', 'partly', 'missed', 'cannot tell'],
    [row('accepted', accepted), row('dismissed', dismissed)],
  );
}

function insightText(shown: ShownInsight): string {
  const { history, outcomes } = shown;
  const events = history.map(({ at, action, actor, note }) => [
    at.toISOString().slice(0, 10),
    action,
    actor,
    note,
  ]);
  const checked = outcomes.map(
    ({ metric, predicted_low, predicted_high, actual, verdict, reason }) =>
      `${metric}: ${predicted_low} to ${predicted_high} predicted, ${actual ?? 'unknown'} came: ` +
      `${verdict.replace('_', ' ')}${reason === null ? '' : ` (${reason})`}`,
  );
  return [
    `[${shown.priority}] ${shown.title} (${shown.status})`,
    shown.description,
    shown.impact_prediction,
    shown.implementation_difficulty,
    '',
    table(['day', 'what', 'who', 'note'], events),
    ...checked,
  ].join('\n');
}
