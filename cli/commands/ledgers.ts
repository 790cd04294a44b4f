/** What is known and what is not: days, quota, and values that changed. */
import { Option, type Command } from 'commander';
import { addDays, dayOf } from '../../analytics/calendar.js';
import type { CoverageState, Report } from '../../contracts/records.js';
import { quotaLedger } from '../../services/quota-ledger.js';
import { coverageGrid, type CoverageRow } from '../../store/listings/coverage-grid.js';
import {
  listRestatements,
  restatementKinds,
  type Restatement,
  type RestatementKind,
} from '../../store/listings/restatements.js';
import { dayArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { asFields } from '../fields.js';
import { table } from '../output.js';
import { withSession } from '../session.js';

interface CoverageOptions {
  platform?: string;
  account?: string;
  report?: Report;
  from?: string;
  to?: string;
}

interface RestatementOptions {
  content?: string;
  metric?: string;
  kind?: RestatementKind;
  platform?: string;
  since?: string;
  after?: number;
  limit: number;
}

const usualDays = 28;
const mostRows = 1_000;

export function addLedgerCommands(program: Command): void {
  addCoverageCommand(program);
  addQuotaCommand(program);
  addRestatementsCommand(program);
}

function addCoverageCommand(program: Command): void {
  program
    .command('coverage')
    .description('which days of each account and report are known, and how firmly')
    .option('--platform <name>', 'of one platform', platformArgument)
    .option('--account <name>', 'of one account, such as main')
    .addOption(new Option('--report <report>', 'of one report').choices(['counters', 'daily', 'export']))
    .option('--from <day>', 'first day; four weeks back unless told', dayArgument)
    .option('--to <day>', 'day after the last one; today unless told', dayArgument)
    .action((options: CoverageOptions, self: Command) =>
      withSession(self, async (session) => {
        const to = options.to ?? dayOf(session.clock.now(), 'UTC');
        const from = options.from ?? addDays(to, -usualDays);
        const { platform, account, report } = options;
        const rows = await coverageGrid(await session.pool(), {
          ...{ platform, account, report, from, to },
          limit: mostRows,
        });
        session.output.data({ from, to, rows }, () => gridText(rows, from, to));
      }),
    );
}

const marks: Readonly<Record<CoverageState, string>> = {
  missing: '·',
  provisional: 'p',
  final: '█',
  failed: '!',
  unavailable: '–',
};

function gridText(rows: readonly CoverageRow[], from: string, to: string): string {
  if (rows.length === 0) return 'No account is asked for such a report.';
  const legend = Object.entries(marks).map(([state, mark]) => `${mark} ${state}`);
  return [
    table(
      ['account', 'report', `${from} … ${addDays(to, -1)}`, 'final', 'prov.', 'failed', 'unav.', 'missing'],
      rows.map(({ platform, account, report, days, counts }) => [
        ...[`${platform}/${account}`, report, days.map(({ state }) => marks[state]).join('')],
        ...[counts.final, counts.provisional, counts.failed, counts.unavailable, counts.missing],
      ]),
    ),
    '',
    legend.join('   '),
  ].join('\n');
}

function addQuotaCommand(program: Command): void {
  program
    .command('quota')
    .description('what each platform’s quota has left, and when it is full again')
    .option('--days <count>', 'quota days to look back', wholeNumberArgument(1, 400), 7)
    .action(({ days }: { days: number }, self: Command) =>
      withSession(self, async (session) => {
        const since = addDays(dayOf(session.clock.now(), 'UTC'), -days);
        const lines = await quotaLedger({ db: await session.pool(), clock: session.clock }, since);
        session.output.data(lines, () =>
          lines.length === 0
            ? 'Nothing was asked of a platform with a quota in these days.'
            : table(
                ['project', 'bucket', 'quota day', 'used', 'limit', 'left', 'full again'],
                lines.map(({ project, bucket, quota_day, used, limit, left, resets_at }) => [
                  ...[project, bucket, quota_day, used, limit, left, resets_at.toISOString()],
                ]),
              ),
        );
      }),
    );
}

function addRestatementsCommand(program: Command): void {
  program
    .command('restatements')
    .description('values that were known and changed, the newest first')
    .option('--content <key>', 'of one content, by its key or the platform’s id')
    .option('--metric <name>', 'views, likes, …')
    .addOption(new Option('--kind <kind>', 'why it changed').choices([...restatementKinds]))
    .option('--platform <name>', 'of one platform', platformArgument)
    .option('--since <day>', 'learnt on this day or later', dayArgument)
    .option('--after <id>', 'those before this one in time', wholeNumberArgument(1, Number.MAX_SAFE_INTEGER))
    .option('-n, --limit <count>', 'how many', wholeNumberArgument(1, 1_000), 50)
    .action((options: RestatementOptions, self: Command) =>
      withSession(self, async (session) => {
        const { content, metric, kind, platform, since, after, limit } = options;
        const found = await listRestatements(await session.pool(), {
          ...{ artistId: null, releaseId: null, contentKey: null, content: content ?? null },
          ...{ platform: platform ?? null, metric: metric ?? null, kind: kind ?? null, to: null, limit },
          from: since === undefined ? null : new Date(`${since}T00:00:00Z`),
          beforeId: after === undefined ? null : String(after),
        });
        session.output.data(found.map(restatementFields), () =>
          found.length === 0
            ? 'No such value has changed.'
            : table(
                ['id', 'learnt', 'content', 'metric', 'of', 'kind', 'source', 'was', 'is', 'run'],
                found.map((one) => [
                  ...[Number(one.id), one.learntAt.toISOString().slice(0, 16), one.contentKey, one.metric],
                  ...[one.day ?? one.recordedAt?.toISOString(), one.kind, one.source],
                  ...[one.oldValue, one.newValue, one.runId],
                ]),
              ),
        );
      }),
    );
}

function restatementFields({ contentKey, metric, ...restatement }: Restatement): Record<string, unknown> {
  return asFields({ contentId: contentKey, metricName: metric, ...restatement });
}
