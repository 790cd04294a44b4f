/** One backfill: its days, how far it is while it runs, and what can be done about it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { BackfillProgress } from '../../../contracts/runs.js';
import { searchAttributes } from '../../../contracts/search-attributes.js';
import { retryFailedDays, startBackfill } from '../../../operations/backfills.js';
import { showBackfill, signalBackfill } from '../../../operations/running-backfills.js';
import { runLink, runsLink } from '../../../operations/links.js';
import { planDaysOf, type PlanDay } from '../../../store/backfill-plan-days.js';
import { showPlan, type Plan } from '../../../store/backfill-plans.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import type { ToldProblem } from '../../problems.js';
import { wordFor } from '../filter-bar.js';
import { counted, figure, Instant, percent } from '../parts/figures.js';
import { act, formBody } from '../parts/form.js';
import { Partial, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given } from '../parts/query.js';
import { askTemporal } from '../parts/temporal.js';
import { viewerOf } from '../parts/viewer.js';
import { actions, BackfillActions, type BackfillAction } from './backfill-actions.js';
import { DayGrid } from './day-grid.js';
import { StateTag } from './state-tag.js';

const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
const renewSeconds = 5;
const underWay: ReadonlySet<string> = new Set(['running', 'parked', 'paused', 'cancelling']);

export function registerBackfill(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/backfills/:id',
    {
      config: { scope: 'read', isPage: true },
      schema: { params, querystring: z.object({ live: given(z.literal('1')) }) },
    },
    (request, reply) => {
      if (request.query.live === '1') void reply.header('refresh', String(renewSeconds));
      return sendBackfill(request, reply, deps, request.params.id, null);
    },
  );
  routes.post(
    '/backfills/:id/:action',
    {
      config: { scope: 'operate', isPage: true },
      schema: { params: params.extend({ action: z.enum(actions) }), body: formBody({}) },
    },
    (request, reply) => {
      const { id, action } = request.params;
      return act(
        request,
        reply,
        deps,
        async (requestName) => ({
          to: `/backfills/${String(id)}`,
          word: await take(request, deps, id, action, requestName),
        }),
        (problem) => sendBackfill(request, reply, deps, id, problem),
      );
    },
  );
}

async function take(
  request: FastifyRequest,
  deps: ServerDependencies,
  id: number,
  action: BackfillAction,
  requestName: string | null,
): Promise<string> {
  const { backfills } = await deps.operations(principalOfRequest(request).artists);
  switch (action) {
    case 'start':
      return `${(await startBackfill(backfills, id, requestName)).workflowId} is under way.`;
    case 'retry-failed':
      return `The failed days are open again and ${(await retryFailedDays(backfills, id, requestName)).workflowId} is under way.`;
    case 'pause':
    case 'resume':
    case 'cancel':
      await signalBackfill(backfills, id, action);
      return `Asked plan ${String(id)} to ${action}.`;
  }
}

async function sendBackfill(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  id: number,
  refusal: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const { value, away } = await askTemporal(request, deps, ({ client }) =>
    showBackfill({ pool, client }, id),
  );
  const [plan, days] =
    value === null ? await Promise.all([showPlan(pool, id), planDaysOf(pool, id)]) : [value.plan, value.days];
  const progress = value?.progress ?? null;
  // The ledger hears of a start a moment after the run began, and of its end a moment after it ended.
  const isLive = progress !== null && (underWay.has(progress.state) || underWay.has(plan.state));
  const link =
    value === null
      ? runsLink(deps.ui, `${searchAttributes.runKind} = "backfill"`)
      : runLink(deps.ui, value.workflowId, null);
  return sendWithFreshness(request, reply, deps, {
    title: `Backfill ${String(id)}`,
    section: '/runs',
    status: refusal?.status ?? 200,
    content: (
      <>
        <p>
          <a href="/backfills">All backfills</a>
        </p>
        <Refusal problem={refusal} />
        <h1>
          Backfill {id}: {wordFor(plan.platform)} {plan.account}, {plan.report}
        </h1>
        <div id="live" data-live={isLive ? String(renewSeconds) : undefined}>
          <p class="tags">
            <StateTag state={progress?.state ?? plan.state} />
          </p>
          <Progress plan={plan} progress={progress} />
          {away === null ? null : (
            <Partial>
              How its run gets on cannot be shown now, and it cannot be started, paused, resumed or cancelled:{' '}
              {away} The ledger below stands.
            </Partial>
          )}
          <section aria-labelledby="days">
            <h2 id="days">Days</h2>
            <DayGrid days={days} />
            <Reasons days={days} />
            <Failures days={days} />
          </section>
        </div>
        {isLive ? (
          <noscript>
            <p>
              <a href={`/backfills/${String(id)}?live=1`}>Renew this page every {renewSeconds} seconds</a>
            </p>
          </noscript>
        ) : null}
        {away === null ? (
          <BackfillActions
            plan={plan}
            isRunning={progress !== null}
            isPaused={progress?.state === 'paused'}
            viewer={viewerOf(request)}
          />
        ) : null}
        <p>
          <a href={link}>Open it in Temporal’s UI</a>
        </p>
      </>
    ),
  });
}

function Progress({ plan, progress }: { plan: Plan; progress: BackfillProgress | null }): VNode {
  const { counts, fromDay, toDay, mode, newestFirst, concurrency, quotaUnits, createdAt } = plan;
  const planned = counts.open + counts.started + counts.done + counts.failed;
  const share = planned === 0 ? 1 : counts.done / planned;
  return (
    <>
      <p role="status">
        <strong>
          {figure(counts.done)} of {counted(planned, 'day')}
        </strong>{' '}
        collected ({percent(share, 0)}){counts.failed === 0 ? '' : `, ${figure(counts.failed)} failed`}
        {progress?.parkedUntil == null
          ? ''
          : `, waiting until ${progress.parkedUntil.slice(0, 16).replace('T', ' ')} UTC`}
      </p>
      <progress max={planned} value={counts.done} aria-label="Days collected" />
      <dl class="facts">
        <div>
          <dt>Range</dt>
          <dd>
            {fromDay} to before {toDay}
          </dd>
        </div>
        <div>
          <dt>Days</dt>
          <dd>
            {mode}, {newestFirst ? 'newest' : 'oldest'} first, {figure(concurrency)} side by side
          </dd>
        </div>
        <div>
          <dt>Cost</dt>
          <dd>{counted(quotaUnits, 'call')}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd>
            <Instant at={createdAt} />
          </dd>
        </div>
      </dl>
    </>
  );
}

function Reasons({ days }: { days: readonly PlanDay[] }): VNode | null {
  const counts = new Map<string, number>();
  for (const { skipReason } of days)
    if (skipReason !== null) counts.set(skipReason, (counts.get(skipReason) ?? 0) + 1);
  if (counts.size === 0) return null;
  return (
    <p class="quiet">
      Left out: {[...counts].map(([reason, count]) => `${figure(count)} ${reason}`).join(', ')}.
    </p>
  );
}

const mostFailures = 100;

function Failures({ days }: { days: readonly PlanDay[] }): VNode | null {
  const failed = days.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return null;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Failed days">
      <table>
        <caption>
          {counted(failed.length, 'failed day')}
          {failed.length > mostFailures ? `, the first ${figure(mostFailures)}` : ''}.
        </caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Failure</th>
          </tr>
        </thead>
        <tbody>
          {failed.slice(0, mostFailures).map(({ day, failure }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td dir="auto">{failure ?? 'not told'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
