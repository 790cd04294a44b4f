/** Backfills: what was planned and what became of it, and the form that another one begins with. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { listAccounts } from '../../../store/accounts.js';
import { listPlans, type Plan } from '../../../store/backfill-plans.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { wordFor } from '../filter-bar.js';
import { counted, figure, Instant } from '../parts/figures.js';
import { Empty } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { registerBackfillPreview } from './backfill-preview.js';
import { BackfillForm } from './backfill-request.js';
import { registerBackfill } from './backfill.js';
import { StateTag } from './state-tag.js';
import { WorkTabs } from './work-tabs.js';

const mostPlans = 50;

export function registerBackfills(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get('/backfills', { config: { scope: 'read', isPage: true } }, async (request, reply) => {
    const { pool } = servicesOf(request, deps);
    const [plans, accounts] = await Promise.all([listPlans(pool, { limit: mostPlans }), listAccounts(pool)]);
    return sendWithFreshness(request, reply, deps, {
      title: 'Backfills',
      section: '/runs',
      content: (
        <>
          <h1>Backfills</h1>
          <WorkTabs here="/backfills" />
          <h2>Collect a range of the past</h2>
          <BackfillForm accounts={accounts} told={{}} />
          <h2>Plans</h2>
          {plans.length === 0 ? (
            <Empty>No backfill has been planned yet. Preview one above: nothing is started by a look.</Empty>
          ) : (
            <Plans plans={plans} />
          )}
        </>
      ),
    });
  });
  registerBackfillPreview(app, deps);
  registerBackfill(app, deps);
}

function Plans({ plans }: { plans: readonly Plan[] }): VNode {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Plans">
      <table>
        <caption>
          {plans.length === mostPlans
            ? `The latest ${figure(mostPlans)} plans`
            : counted(plans.length, 'plan')}
          , the latest first.
        </caption>
        <thead>
          <tr>
            <th scope="col">Plan</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            {['Open', 'Done', 'Failed', 'Left out', 'Calls'].map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
            <th scope="col">Made</th>
          </tr>
        </thead>
        <tbody>
          {plans.map((plan) => (
            <tr key={plan.id}>
              <td>
                <a href={`/backfills/${String(plan.id)}`}>{plan.id}</a>
              </td>
              <th scope="row">
                {wordFor(plan.platform)} {plan.account}, {plan.report}
                <span class="under">
                  {plan.fromDay} to before {plan.toDay}, {plan.mode}
                </span>
              </th>
              <td>
                <StateTag state={plan.state} />
              </td>
              {[
                plan.counts.open + plan.counts.started,
                plan.counts.done,
                plan.counts.failed,
                plan.counts.skipped,
                plan.quotaUnits,
              ].map((count, index) => (
                <td key={index} class="number">
                  {figure(count)}
                </td>
              ))}
              <td>
                <Instant at={plan.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
