import { InvalidArgumentError, type Command } from 'commander';
import type { HistoryResult } from '../../analytics/stock-history.js';
import type { RankedSource } from '../../analytics/stock-ranking.js';
import { StockSuccessTracker } from '../../services/stock-tracker.js';
import { showRelease } from '../../store/releases.js';
import { dayArgument, numberArgument, wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { table } from '../output.js';
import { withSession, type Session } from '../session.js';
import { addSourceFileCommands } from './source-file.js';

interface DayOptions {
  asOf?: string;
  halfLife?: number;
}

interface RankingOptions extends DayOptions {
  number: number;
}

interface TopOptions extends RankingOptions {
  explore?: boolean;
  seed?: number;
}

const releaseArgument = wholeNumberArgument(1, 2_147_483_647);

export function addSourceCommands(program: Command): void {
  const source = program.command('source').description('stock-footage sources and what they were worth');
  addTopCommand(source);
  addWhyCommand(source);
  addHistoryCommand(source);
  addSourceFileCommands(source);
  source
    .command('log-clip')
    .argument('<source>', 'the source’s name')
    .argument('<clip>', 'the clip’s id')
    .argument('<release>', 'the release’s number', releaseArgument)
    .description('a clip of a source was used in a release')
    .option('--dry-run', 'check and change nothing')
    .action((name: string, clip: string, releaseId: number, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        await showRelease(await session.pool(), releaseId);
        if (options.dryRun !== true) await (await trackerOf(session)).logClipUsage(name, clip, releaseId);
        session.output.data(
          { source_name: name, clip_id: clip, release_id: releaseId, logged: options.dryRun !== true },
          () =>
            `${options.dryRun === true ? 'Would log' : 'Logged'} ${clip} of ${name} in release ${String(releaseId)}.`,
        );
      }),
    );
  source
    .command('log-performance')
    .argument('<release>', 'the release’s number', releaseArgument)
    .argument('<score>', 'from 0 to 10', scoreArgument)
    .description('what a release was worth, 0 to 10; it replaces what was known')
    .option('--dry-run', 'check and change nothing')
    .action((releaseId: number, score: number, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        await showRelease(await session.pool(), releaseId);
        if (options.dryRun !== true) await (await trackerOf(session)).logReleasePerformance(releaseId, score);
        session.output.data(
          { release_id: releaseId, performance_score: score, logged: options.dryRun !== true },
          () =>
            `${options.dryRun === true ? 'Would log' : 'Logged'} ${String(score)} for release ${String(releaseId)}.`,
        );
      }),
    );
}

/** The options that say which ranking. */
function rankingDay(command: Command): Command {
  return command
    .option('--as-of <day>', 'as it stood on an ISO day', dayArgument)
    .option('--half-life <days>', 'after so long, evidence counts half', halfLifeArgument);
}

/** And how much of it. */
function rankingOptions(command: Command): Command {
  return rankingDay(command).option('-n, --number <count>', 'how many', wholeNumberArgument(1, 1_000), 3);
}

function addTopCommand(source: Command): void {
  rankingOptions(source.command('top'))
    .description('the sources worth drawing from, best first')
    .option('--explore', 'by a draw from what is known of each, so that little-known ones get their chance')
    .option('--seed <number>', 'decides the draw', seedArgument)
    .action((options: TopOptions, self: Command) =>
      withSession(self, async (session) => {
        const tracker = await trackerOf(session);
        const ranking = await orderedSources(tracker, options);
        const top = ranking.slice(0, options.number);
        session.output.data(top, () => sourcesTable(top));
      }),
    );
}

function orderedSources(tracker: StockSuccessTracker, options: TopOptions): Promise<RankedSource[]> {
  const query = queryOf(options);
  if ((options.explore === true) !== (options.seed !== undefined)) {
    throw new CommandError('--explore and --seed go together: the seed decides the draw.', exitCodes.usage);
  }
  return options.seed === undefined
    ? tracker.rankSources(query)
    : tracker.exploreSources(options.seed, query);
}

function sourcesTable(top: readonly RankedSource[]): string {
  if (top.length === 0) return 'No stock source has been used yet; log one with “tidemark source log-clip”.';
  return table(
    ['rank', 'source', 'score', 'from', 'to', 'releases', 'evidence'],
    top.map((ranked) => [
      ranked.rank,
      ranked.source_name,
      rounded(ranked.score),
      rounded(ranked.lower),
      rounded(ranked.upper),
      ranked.releases,
      ranked.low_evidence ? 'low' : 'enough',
    ]),
  );
}

function addWhyCommand(source: Command): void {
  rankingDay(source.command('why'))
    .argument('<source>', 'the source’s name')
    .description('what each release contributed to a source’s score')
    .action((name: string, options: DayOptions, self: Command) =>
      withSession(self, async (session) => {
        const ranked = await (await trackerOf(session)).explainSource(name, queryOf(options));
        if (ranked === null) {
          throw new CommandError(
            `No clip of “${name}” has been used.`,
            exitCodes.notFound,
            'See the sources with “tidemark source top”.',
          );
        }
        session.output.data(ranked, () => whyText(ranked));
      }),
    );
}

function whyText({ source_name, score, prior, contributions }: RankedSource): string {
  const rows = contributions.map((one) => [
    ...[one.release_id, one.event_day, rounded(one.score), rounded(one.share), rounded(one.decay)],
    rounded(one.effect),
  ]);
  return [
    table(['release', 'day', 'score', 'share', 'decay', 'effect'], rows),
    '',
    `${source_name}: ${rounded(score)}, from ${rounded(prior)} that all sources have in common.`,
  ].join('\n');
}

function addHistoryCommand(source: Command): void {
  rankingOptions(source.command('history'))
    .description('whether choosing by the ranking would have beaten choosing at random')
    .action((options: RankingOptions, self: Command) =>
      withSession(self, async (session) => {
        const result = await (await trackerOf(session)).judgeHistory(options.number, queryOf(options));
        session.output.data(result, () => [...policyTable(result), result.interpretation].join('\n'));
      }),
    );
}

function policyTable({ policies }: HistoryResult): string[] {
  if (policies.length === 0) return [];
  const rows = policies.map(({ policy, mean_score, gain, agreeing }) => [
    policy.replaceAll('_', ' '),
    rounded(mean_score),
    ...(gain === null ? [null, null, null] : [rounded(gain.value), rounded(gain.low), rounded(gain.high)]),
    agreeing,
  ]);
  return [table(['choosing by', 'mean score', 'gain', 'from', 'to', 'agreeing'], rows), ''];
}

function queryOf({ asOf, halfLife }: DayOptions): { asOf?: string; halfLifeDays?: number } {
  return {
    ...(asOf === undefined ? {} : { asOf }),
    ...(halfLife === undefined ? {} : { halfLifeDays: halfLife }),
  };
}

const seedArgument = wholeNumberArgument(-2_147_483_648, 2_147_483_647);

function scoreArgument(text: string): number {
  const score = numberArgument(text);
  if (score < 0 || score > 10) throw new InvalidArgumentError(`“${text}” is no score from 0 to 10.`);
  return score;
}

function halfLifeArgument(text: string): number {
  const days = numberArgument(text);
  if (days <= 0) throw new InvalidArgumentError(`“${text}” is no number of days above 0.`);
  return days;
}

async function trackerOf(session: Session): Promise<StockSuccessTracker> {
  return new StockSuccessTracker({
    pool: await session.pool(),
    clock: session.clock,
    halfLifeDays: session.configuration.STOCK_HALF_LIFE_DAYS,
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
