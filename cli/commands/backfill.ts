import { InvalidArgumentError, type Command } from 'commander';
import {
  planBackfill,
  previewBackfill,
  retryFailedDays,
  showBackfill,
  signalBackfill,
  startBackfill,
  type BackfillRequest,
  type BackfillSignal,
} from '../../operations/backfills.js';
import { runLink } from '../../operations/links.js';
import type { StartedRun } from '../../contracts/ports.js';
import type { Report } from '../../contracts/records.js';
import type { BackfillProgress } from '../../contracts/runs.js';
import type { Platform } from '../../contracts/vocabulary.js';
import { listPlans, type Plan } from '../../store/backfill-plans.js';
import { dayArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { backfillDeps, tellBackfill } from '../backfill-deps.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CommandError } from '../failures.js';
import { table } from '../output.js';
import { withSession, type Session } from '../session.js';
import { followRun } from '../wait.js';
import type { Settle } from './settle.js';

interface PlanOptions {
  platform?: Platform;
  account: string;
  report: Report;
  from?: string;
  to?: string;
  mode: BackfillRequest['mode'];
  concurrency?: number;
  reverse?: boolean;
  wait?: boolean;
  dryRun?: boolean;
}

const planNumber = wholeNumberArgument(1, Number.MAX_SAFE_INTEGER);

export function addBackfillCommands(program: Command, settle: Settle): void {
  const backfill = program.command('backfill').description('collect a range of the past');
  withPlanOptions(backfill.command('plan'))
    .description('say which days would be collected, which are left out and why, and the cost; keep the plan')
    .action((options: PlanOptions, self: Command) =>
      withSession(self, async (session) => {
        const deps = await backfillDeps(session);
        const request = requestOf(options);
        const preview = await previewBackfill(deps, request);
        const plan = options.dryRun === true ? null : await planBackfill(deps, request);
        session.output.data(
          {
            plan: plan?.id ?? null,
            open: preview.open,
            skipped: preview.skipped,
            quota_units: preview.quotaUnits,
            days: preview.days,
          },
          () => describePreview(preview, plan),
        );
      }),
    );
  withPlanOptions(backfill.command('start [plan]'))
    .description('run a plan, or plan and run a range')
    .option('--wait', 'wait for the end')
    .action((planText: string | undefined, options: PlanOptions, self: Command) =>
      withSession(self, async (session) => {
        settle(await startOrPreview(session, planText, options));
      }),
    );
  backfill
    .command('list')
    .description('plans, the newest first')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const plans = await listPlans(await session.pool());
        session.output.data(plans, () => planTable(plans));
      }),
    );
  backfill
    .command('show <plan>')
    .description('a plan, its days and what its run says of itself')
    .action((plan: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const view = await showBackfill(await backfillDeps(session), planNumber(plan));
        const url = runLink(session.ui, view.workflowId, null);
        session.output.data({ ...view, url }, () =>
          [
            planTable([view.plan]),
            ...(view.progress === null ? [] : [tellBackfill(view.progress)]),
            ...view.days
              .filter(({ failure }) => failure !== null)
              .map(({ day, failure }) => `${day}: ${failure ?? ''}`),
            url,
          ].join('\n'),
        );
      }),
    );
  for (const signal of ['pause', 'resume', 'cancel'] as const) addSignalCommand(backfill, signal);
  backfill
    .command('retry-failed <plan>')
    .description('run the failed days of a plan again')
    .option('--wait', 'wait for the end')
    .action((plan: string, options: { wait?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const planId = planNumber(plan);
        const run = await retryFailedDays(await backfillDeps(session), planId);
        settle(await follow(session, run, planId, options.wait));
      }),
    );
}

function withPlanOptions(command: Command): Command {
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

async function startOrPreview(
  session: Session,
  planText: string | undefined,
  options: PlanOptions,
): Promise<ExitCode> {
  const deps = await backfillDeps(session);
  if (planText === undefined && options.dryRun === true) {
    const preview = await previewBackfill(deps, requestOf(options));
    session.output.data(preview, () => describePreview(preview, null));
    return exitCodes.ok;
  }
  const planId =
    planText === undefined ? (await planBackfill(deps, requestOf(options))).id : planNumber(planText);
  if (options.dryRun === true) {
    const { plan } = await showBackfill(deps, planId);
    session.output.data(plan, () => planTable([plan]));
    return exitCodes.ok;
  }
  return follow(session, await startBackfill(deps, planId), planId, options.wait);
}

function follow(
  session: Session,
  run: StartedRun,
  planId: number,
  wait: boolean | undefined,
): Promise<ExitCode> {
  return followRun(session, run, {
    wait,
    later: `tidemark backfill show ${String(planId)}`,
    tell: (progress) => tellBackfill(progress as BackfillProgress),
  });
}

function addSignalCommand(backfill: Command, signal: BackfillSignal): void {
  const about = {
    pause: 'start no more days until it is resumed',
    resume: 'let a paused plan go on',
    cancel: 'end a plan; what is collected stays',
  }[signal];
  backfill
    .command(`${signal} <plan>`)
    .description(about)
    .action((plan: string, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        await signalBackfill(await backfillDeps(session), planNumber(plan), signal);
        session.output.data(
          { plan: planNumber(plan), asked: signal },
          () => `Asked plan ${plan} to ${signal}.`,
        );
      }),
    );
}

function requestOf(options: PlanOptions): BackfillRequest {
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

function describePreview(
  { open, skipped, quotaUnits }: { open: number; skipped: Record<string, number>; quotaUnits: number },
  plan: Plan | null,
): string {
  return [
    `${String(open)} days to collect, ${String(quotaUnits)} calls.`,
    ...Object.entries(skipped).map(([reason, count]) => `${String(count)} days left out: ${reason}`),
    ...(plan === null
      ? []
      : [`Plan ${String(plan.id)} is kept; run it with “tidemark backfill start ${String(plan.id)}”.`]),
  ].join('\n');
}

function planTable(plans: readonly Plan[]): string {
  return table(
    ['plan', 'account', 'report', 'from', 'to', 'state', 'open', 'done', 'failed', 'left out'],
    plans.map(({ id, platform, account, report, fromDay, toDay, state, counts }) => [
      id,
      `${platform}/${account}`,
      report,
      fromDay,
      toDay,
      state,
      counts.open + counts.started,
      counts.done,
      counts.failed,
      counts.skipped,
    ]),
  );
}

function reportArgument(text: string): Report {
  if (text === 'counters' || text === 'daily') return text;
  throw new InvalidArgumentError(`“${text}” is no report that can be asked for; counters or daily.`);
}

function modeArgument(text: string): BackfillRequest['mode'] {
  if (text === 'missing' || text === 'failed' || text === 'all') return text;
  throw new InvalidArgumentError(`“${text}” is no mode; missing, failed or all.`);
}
