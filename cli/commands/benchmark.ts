import type { Command } from 'commander';
import { analysisSettingsOf } from '../../services/analysis-settings.js';
import { BenchmarkService } from '../../services/benchmarks.js';
import type { Checkpoint } from '../../services/content-benchmarks.js';
import type { ToldBenchmark } from '../../services/told-benchmark.js';
import type { Queryable } from '../../store/queryable.js';
import { numberArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { table } from '../output.js';
import { artistNamed, personAtHand } from '../person.js';
import { inRehearsableTransaction } from '../rehearsal.js';
import { withSession, type Session } from '../session.js';

interface ListOptions {
  artist?: string;
  platform?: string;
  own?: boolean;
  external?: boolean;
}

interface SetOptions {
  median: number;
  p30?: number;
  p70?: number;
  industry?: string;
  age?: number;
  artist?: string;
  source?: string;
  by?: string;
  dryRun?: boolean;
}

export function addBenchmarkCommands(program: Command): void {
  const benchmark = program.command('benchmark').description('what the team’s contents, and others’, reach');
  addListCommand(benchmark);
  addShowCommand(benchmark);
  addSetCommand(benchmark);
  addRemoveCommand(benchmark);
}

function addListCommand(benchmark: Command): void {
  benchmark
    .command('list')
    .description('the team’s own by platform, format and age, and external ones')
    .option('--artist <name>', 'its own, and those that all artists share')
    .option('--platform <name>', 'youtube, spotify, …', platformArgument)
    .option('--own', 'the team’s own alone')
    .option('--external', 'external ones alone')
    .action((options: ListOptions, self: Command) =>
      withSession(self, async (session) => {
        const pool = await session.pool();
        const service = await serviceOf(session, pool);
        const origin = options.own === true ? 'own' : options.external === true ? 'external' : undefined;
        const found = await service.list({
          ...(options.artist === undefined ? {} : { artistId: await artistNamed(pool, options.artist) }),
          ...(options.platform === undefined ? {} : { platform: options.platform }),
          ...(origin === undefined ? {} : { origin }),
        });
        session.output.data(found, () => benchmarkTable(found));
      }),
    );
}

function addShowCommand(benchmark: Command): void {
  benchmark
    .command('show <content>')
    .description('a content at day 1, 3, 7 and 28 beside its peers and external benchmarks')
    .option('--industry <name>', 'its external benchmarks go before those for any')
    .action((content: string, options: { industry?: string }, self: Command) =>
      withSession(self, async (session) => {
        const service = await serviceOf(session, await session.pool());
        const found = await service.compareContent(content, options.industry);
        session.output.data(found, () => checkpointTable(found.checkpoints));
      }),
    );
}

function addSetCommand(benchmark: Command): void {
  benchmark
    .command('set')
    .argument('<platform>', 'youtube, spotify, …', platformArgument)
    .argument('<metric>', 'engagement_rate, views, …')
    .description('an external benchmark; it replaces the one of the same industry, age and artist')
    .requiredOption('--median <number>', 'what half of them reach; rates are fractions', numberArgument)
    .option('--p30 <number>', 'their 30th percentile', numberArgument)
    .option('--p70 <number>', 'their 70th percentile', numberArgument)
    .option('--industry <name>', 'for any unless told')
    .option('--age <days>', 'for any unless told', wholeNumberArgument(1, 36_500))
    .option('--artist <name>', 'for all artists unless told')
    .option('--source <text>', 'where the figures are from')
    .option('--by <name>', 'who tells it; the shell’s user unless told')
    .option('--dry-run', 'check and change nothing')
    .action((platform: string, metric: string, options: SetOptions, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        const { median, p30 = null, p70 = null, industry = null, age, source = null } = options;
        const set = await inRehearsableTransaction(await session.pool(), rehearse, async (client) =>
          (await serviceOf(session, client)).setExternal(
            {
              ...{ platform, metric, median, p30, p70, industry, ageDays: age ?? null, source },
              artistId: options.artist === undefined ? null : await artistNamed(client, options.artist),
            },
            personAtHand(session, options.by),
          ),
        );
        session.output.data(rehearse ? { ...set, id: null } : set, () =>
          rehearse
            ? `Would set ${metric} on ${platform} to ${String(median)}.`
            : `Benchmark ${set.id}: ${metric} on ${platform} is ${String(median)}.`,
        );
      }),
    );
}

function addRemoveCommand(benchmark: Command): void {
  benchmark
    .command('remove')
    .argument('<id>', 'an external benchmark’s number')
    .description('strike an external benchmark out')
    .option('--by <name>', 'who does it; the shell’s user unless told')
    .option('--dry-run', 'check and change nothing')
    .action((id: string, options: { by?: string; dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const rehearse = options.dryRun === true;
        await inRehearsableTransaction(await session.pool(), rehearse, async (client) =>
          (await serviceOf(session, client)).remove(id, personAtHand(session, options.by)),
        );
        session.output.data(
          { id, removed: !rehearse },
          () => `${rehearse ? 'Would remove' : 'Removed'} benchmark ${id}.`,
        );
      }),
    );
}

async function serviceOf(session: Session, db: Queryable): Promise<BenchmarkService> {
  const settings = analysisSettingsOf(session.configuration);
  return new BenchmarkService({ pool: await session.pool(), clock: session.clock, settings, db });
}

function benchmarkTable(benchmarks: readonly ToldBenchmark[]): string {
  if (benchmarks.length === 0) return 'There is no benchmark yet.';
  return table(
    ['id', 'origin', 'platform', 'format', 'industry', 'metric', 'day', 'p30', 'median', 'p70', 'contents'],
    benchmarks.map((one) => [
      ...[one.id, one.origin, one.platform, one.format, one.industry, one.metric, one.age_days],
      ...[rounded(one.p30), rounded(one.median), rounded(one.p70), one.points],
    ]),
  );
}

function checkpointTable(checkpoints: readonly Checkpoint[]): string {
  if (checkpoints.length === 0) return 'Neither it nor its peers have a value at day 1, 3, 7 or 28.';
  return table(
    ['day', 'metric', 'value', 'p30', 'median', 'p70', 'percentile', 'band', 'peers', 'external', 'withheld'],
    checkpoints.map((one) => [
      ...[one.age_days, one.metric, rounded(one.value)],
      ...[rounded(one.own?.p30), rounded(one.own?.median), rounded(one.own?.p70), rounded(one.percentile)],
      ...[one.band, one.points, rounded(one.external?.median), one.withheld],
    ]),
  );
}

function rounded(value: number | null | undefined): number | null {
  return value == null ? null : Number(value.toPrecision(4));
}
