import type { Command } from 'commander';
import { StockSuccessTracker } from '../../services/stock-tracker.js';
import { showRelease } from '../../store/releases.js';
import { dayArgument, numberArgument, wholeNumberArgument } from '../arguments.js';
import { table } from '../output.js';
import { withSession, type Session } from '../session.js';

interface TopOptions {
  number: number;
  asOf?: string;
  halfLife?: number;
}

const anyId = wholeNumberArgument(1, 2_147_483_647);

export function addSourceCommands(program: Command): void {
  const source = program.command('source').description('stock-footage sources and what they were worth');
  source
    .command('top')
    .description('the sources worth drawing from, best first')
    .option('-n, --number <count>', 'how many', wholeNumberArgument(1, 1_000), 3)
    .option('--as-of <day>', 'as it stood on an ISO day', dayArgument)
    .option('--half-life <days>', 'after so long, evidence counts half', numberArgument)
    .action((options: TopOptions, self: Command) =>
      withSession(self, async (session) => {
        const ranking = await (
          await trackerOf(session)
        ).rankSources({
          asOf: options.asOf,
          halfLifeDays: options.halfLife,
        });
        const top = ranking.slice(0, options.number);
        session.output.data(top, () =>
          top.length === 0
            ? 'No stock source has been used yet; log one with “tidemark source log-clip”.'
            : table(
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
              ),
        );
      }),
    );
  source
    .command('log-clip <source> <clip> <release>')
    .description('a clip of a source was used in a release')
    .option('--dry-run', 'check and change nothing')
    .action((name: string, clip: string, release: string, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const releaseId = anyId(release);
        await showRelease(await session.pool(), releaseId);
        if (options.dryRun !== true) await (await trackerOf(session)).logClipUsage(name, clip, releaseId);
        session.output.data(
          { source_name: name, clip_id: clip, release_id: releaseId, logged: options.dryRun !== true },
          () =>
            `${options.dryRun === true ? 'Would log' : 'Logged'} ${clip} of ${name} in release ${release}.`,
        );
      }),
    );
  source
    .command('log-performance <release> <score>')
    .description('what a release was worth, 0 to 10; it replaces what was known')
    .option('--dry-run', 'check and change nothing')
    .action((release: string, score: string, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const releaseId = anyId(release);
        const worth = numberArgument(score);
        await showRelease(await session.pool(), releaseId);
        if (options.dryRun !== true) await (await trackerOf(session)).logReleasePerformance(releaseId, worth);
        session.output.data(
          { release_id: releaseId, performance_score: worth, logged: options.dryRun !== true },
          () => `${options.dryRun === true ? 'Would log' : 'Logged'} ${score} for release ${release}.`,
        );
      }),
    );
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
