import type { Command } from 'commander';
import { planBackfill, previewBackfill, retryFailedDays, startBackfill } from '../../operations/backfills.js';
import {
  showBackfill,
  signalBackfill,
  type BackfillSignal,
  type BackfillView,
} from '../../operations/running-backfills.js';
import { runLink } from '../../operations/links.js';
import type { StartedRun } from '../../contracts/ports.js';
import { listPlans } from '../../store/backfill-plans.js';
import { wholeNumberArgument } from '../arguments.js';
import { requestOf, withRangeOptions, type RangeOptions } from '../backfill-options.js';
import { describePreview, planTable, previewFields, tellBackfill } from '../backfill-view.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import { asFields } from '../fields.js';
import { followRun } from '../follow.js';
import { withSession, type Session } from '../session.js';
import type { Settle } from './settle.js';

interface StartOptions extends RangeOptions {
  wait?: boolean;
}

const planArgument = wholeNumberArgument(1, Number.MAX_SAFE_INTEGER);

export function addBackfillCommands(program: Command, settle: Settle): void {
  const backfill = program.command('backfill').description('collect a range of the past');
  withRangeOptions(backfill.command('plan'))
    .description('say which days would be collected, which are left out and why, and the cost; keep the plan')
    .action((options: RangeOptions, self: Command) =>
      withSession(self, async (session) => {
        const deps = await session.backfills();
        const request = requestOf(options);
        const preview = await previewBackfill(deps, request);
        const plan = options.dryRun === true ? null : await planBackfill(deps, request);
        session.output.data(previewFields(preview, plan), () => describePreview(preview, plan));
      }),
    );
  withRangeOptions(backfill.command('start'))
    .argument('[plan]', 'a plan’s number', planArgument)
    .description('run a plan, or plan and run a range')
    .option('--wait', 'wait for the end')
    .action((plan: number | undefined, options: StartOptions, self: Command) =>
      withSession(self, async (session) => {
        settle(await (plan === undefined ? startRange(session, options) : startPlan(session, plan, options)));
      }),
    );
  backfill
    .command('list')
    .description('plans, the newest first')
    .action((_: unknown, self: Command) =>
      withSession(self, async (session) => {
        const plans = await listPlans(await session.pool());
        session.output.data(plans.map(asFields), () => planTable(plans));
      }),
    );
  backfill
    .command('show')
    .argument('<plan>', 'its number', planArgument)
    .description('a plan, its days and what its run says of itself')
    .action((plan: number, _: unknown, self: Command) =>
      withSession(self, async (session) => {
        const view = await showBackfill(await session.backfills(), plan);
        const url = runLink(session.ui, view.workflowId, null);
        session.output.data(asFields({ ...view, url }), () => describeView(view, url));
      }),
    );
  for (const signal of ['pause', 'resume', 'cancel'] as const) addSignalCommand(backfill, signal);
  backfill
    .command('retry-failed')
    .argument('<plan>', 'its number', planArgument)
    .description('run the failed days of a plan again')
    .option('--wait', 'wait for the end')
    .option('--dry-run', 'say how many there are')
    .action((plan: number, options: { wait?: boolean; dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const deps = await session.backfills();
        if (options.dryRun === true) {
          const { failed } = (await showBackfill(deps, plan)).plan.counts;
          session.output.data(
            { plan, failed },
            () => `${String(failed)} days of plan ${String(plan)} would be run again.`,
          );
          return;
        }
        settle(await follow(session, await retryFailedDays(deps, plan), plan, options.wait));
      }),
    );
}

async function startRange(session: Session, options: StartOptions): Promise<ExitCode> {
  const deps = await session.backfills();
  const request = requestOf(options);
  if (options.dryRun === true) {
    const preview = await previewBackfill(deps, request);
    session.output.data(previewFields(preview, null), () => describePreview(preview, null));
    return exitCodes.ok;
  }
  const { id } = await planBackfill(deps, request);
  return follow(session, await startBackfill(deps, id), id, options.wait);
}

async function startPlan(session: Session, planId: number, options: StartOptions): Promise<ExitCode> {
  const deps = await session.backfills();
  if (options.dryRun === true) {
    const { plan } = await showBackfill(deps, planId);
    session.output.data(asFields(plan), () => planTable([plan]));
    return exitCodes.ok;
  }
  return follow(session, await startBackfill(deps, planId), planId, options.wait);
}

async function follow(
  session: Session,
  run: StartedRun,
  planId: number,
  wait: boolean | undefined,
): Promise<ExitCode> {
  const { fields, text, exitCode } = await followRun(session, run, {
    wait,
    later: `tidemark backfill show ${String(planId)}`,
    tell: (progress) => ('planned' in progress ? tellBackfill(progress) : null),
  });
  session.output.data({ plan: planId, ...fields }, () => text);
  return exitCode;
}

function addSignalCommand(backfill: Command, signal: BackfillSignal): void {
  const about = {
    pause: 'start no more days until it is resumed',
    resume: 'let a paused plan go on',
    cancel: 'end a plan; what is collected stays',
  }[signal];
  backfill
    .command(signal)
    .argument('<plan>', 'its number', planArgument)
    .description(about)
    .option('--dry-run', 'check and ask for nothing')
    .action((plan: number, options: { dryRun?: boolean }, self: Command) =>
      withSession(self, async (session) => {
        const deps = await session.backfills();
        const rehearse = options.dryRun === true;
        if (rehearse) requireSignallable(await showBackfill(deps, plan), signal);
        else await signalBackfill(deps, plan, signal);
        session.output.data(
          { plan, signal, asked: !rehearse },
          () => `${rehearse ? 'Would ask' : 'Asked'} plan ${String(plan)} to ${signal}.`,
        );
      }),
    );
}

/** What the signal itself would be refused for. */
function requireSignallable({ plan, progress }: BackfillView, signal: BackfillSignal): void {
  const over = plan.state === 'finished' || plan.state === 'cancelled';
  if (progress === null && (signal !== 'cancel' || over))
    throw new CommandError(
      `Plan ${String(plan.id)} does not run (it is ${plan.state}).`,
      exitCodes.conflict,
      'See “tidemark backfill list”.',
    );
}

function describeView({ plan, days, progress }: BackfillView, url: string): string {
  return [
    planTable([plan]),
    ...(progress === null ? [] : [tellBackfill(progress)]),
    ...days.filter(({ failure }) => failure !== null).map(({ day, failure }) => `${day}: ${failure ?? ''}`),
    url,
  ].join('\n');
}
