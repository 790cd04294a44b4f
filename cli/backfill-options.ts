/** What a backfill is asked for on the command line. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Report } from '../contracts/records.js';
import type { Platform } from '../contracts/vocabulary.js';
import type { BackfillRequest } from '../operations/backfills.js';
import { dayArgument, platformArgument, wholeNumberArgument } from './arguments.js';
import { exitCodes } from './exit-codes.js';
import { CommandError } from './command-error.js';

export interface RangeOptions {
  platform?: Platform;
  account: string;
  report: Report;
  from?: string;
  to?: string;
  mode: BackfillRequest['mode'];
  concurrency?: number;
  reverse?: boolean;
  dryRun?: boolean;
}

export function withRangeOptions(command: Command): Command {
  return command
    .option('--platform <name>', 'youtube or spotify', platformArgument)
    .option('--account <name>', 'the account', 'main')
    .option('--report <report>', 'counters or daily', reportArgument, 'counters')
    .option('--from <day>', 'first day', dayArgument)
    .option('--to <day>', 'the day after the last', dayArgument)
    .option('--mode <mode>', 'missing, failed or all', modeArgument, 'missing')
    .option('--concurrency <count>', 'windows side by side', wholeNumberArgument(1, 64))
    .option('--reverse', 'oldest first')
    .option('--dry-run', 'keep no plan and start nothing');
}

/** @throws CommandError where the range is not told */
export function requestOf(options: RangeOptions): BackfillRequest {
  const { platform, from, to, account, report, mode, concurrency, reverse } = options;
  if (platform === undefined || from === undefined || to === undefined)
    throw new CommandError(
      'A range needs --platform, --from and --to.',
      exitCodes.usage,
      'Such as: --platform youtube --from 2026-01-01 --to 2026-02-01',
    );
  return {
    platform,
    account,
    report,
    mode,
    window: { from, to },
    newestFirst: reverse !== true,
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

function reportArgument(text: string): Report {
  if (text === 'counters' || text === 'daily') return text;
  throw new InvalidArgumentError(`“${text}” is no report that can be asked for; counters or daily.`);
}

function modeArgument(text: string): BackfillRequest['mode'] {
  if (text === 'missing' || text === 'failed' || text === 'all') return text;
  throw new InvalidArgumentError(`“${text}” is no mode; missing, failed or all.`);
}
