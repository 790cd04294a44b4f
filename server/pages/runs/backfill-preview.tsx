/** A look at what a backfill would collect and cost, and its start from there. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import {
  planBackfill,
  previewBackfill,
  startBackfill,
  type BackfillPreview,
} from '../../../operations/backfills.js';
import { mendOfKind } from '../../../operations/failure-mends.js';
import { createSourceFor } from '../../../sources/configured-sources.js';
import { SourceError } from '../../../sources/errors.js';
import { listAccounts } from '../../../store/accounts.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem, tellProblem, type ToldProblem } from '../../problems.js';
import { counted, figure } from '../parts/figures.js';
import { act, ActionForm, formBody } from '../parts/form.js';
import { Allowed, Empty, Partial, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { askTemporal } from '../parts/temporal.js';
import { viewerOf, type Viewer } from '../parts/viewer.js';
import {
  BackfillForm,
  backfillFields,
  commandOf,
  requestOf,
  type BackfillFields,
} from './backfill-request.js';
import { DayGrid } from './day-grid.js';

export function registerBackfillPreview(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const sourceFor = createSourceFor(deps.configuration);
  const sendPreview = async (
    request: FastifyRequest,
    reply: FastifyReply,
    fields: BackfillFields,
    refusal: ToldProblem | null,
  ): Promise<FastifyReply> => {
    const { pool } = servicesOf(request, deps);
    const asked = await previewOr(() =>
      previewBackfill({ pool, clock: deps.clock, sourceFor }, requestOf(fields)),
    );
    const problem = refusal ?? asked.problem;
    const { away } = await askTemporal(request, deps, () => Promise.resolve(null));
    return sendWithFreshness(request, reply, deps, {
      title: 'Preview of a backfill',
      section: '/runs',
      status: problem?.status ?? 200,
      content: (
        <>
          <p>
            <a href="/backfills">All backfills</a>
          </p>
          <h1>Preview of a backfill</h1>
          <Refusal problem={problem} />
          <BackfillForm accounts={await listAccounts(pool)} told={fields} />
          {asked.preview === null ? null : (
            <Preview preview={asked.preview} fields={fields} viewer={viewerOf(request)} away={away} />
          )}
        </>
      ),
    });
  };
  routes.get(
    '/backfills/new',
    { config: { scope: 'read', isPage: true }, schema: { querystring: z.object(backfillFields) } },
    (request, reply) => sendPreview(request, reply, request.query, null),
  );
  routes.post(
    '/backfills',
    { config: { scope: 'operate', isPage: true }, schema: { body: formBody(backfillFields) } },
    (request, reply) =>
      act(
        request,
        reply,
        deps,
        async (requestName) => {
          // First of all: a plan must not stay behind that cannot be run.
          const { backfills } = await deps.operations(principalOfRequest(request).artists);
          const asked = { ...requestOf(request.body), requestName };
          const plan = await planBackfill(backfills, asked).catch(refuseSource);
          const run = await startBackfill(backfills, plan.id, requestName);
          return {
            to: `/backfills/${String(plan.id)}`,
            word: `Plan ${String(plan.id)} is kept and its run ${run.workflowId} is under way.`,
          };
        },
        (problem) => sendPreview(request, reply, request.body, problem),
      ),
  );
}

/** A preview, or what keeps it from being made. */
async function previewOr(
  look: () => Promise<BackfillPreview>,
): Promise<{ preview: BackfillPreview; problem: null } | { preview: null; problem: ToldProblem }> {
  try {
    return { preview: await look().catch(refuseSource), problem: null };
  } catch (error) {
    const problem = tellProblem(error);
    if (problem.status >= 500) throw error;
    return { preview: null, problem };
  }
}

/** What a platform's source does not give is no defect of the site. */
function refuseSource(error: unknown): never {
  if (!(error instanceof SourceError)) throw error;
  const mend = mendOfKind(error.kind);
  throw new Problem(409, mend === undefined ? error.message : `${error.message}. ${mend}`, [], {
    cause: error,
  });
}

function Preview({
  preview,
  fields,
  viewer,
  away,
}: {
  preview: BackfillPreview;
  fields: BackfillFields;
  viewer: Viewer;
  away: string | null;
}): VNode {
  const { days, open, skipped, quotaUnits } = preview;
  const reasons = Object.entries(skipped);
  return (
    <>
      <ul class="cards">
        <li class="card">
          <h2>Days to collect</h2>
          <p class="figure-value">{figure(open)}</p>
          <p class="quiet">of {counted(days.length, 'day')}</p>
        </li>
        <li class="card">
          <h2>Cost</h2>
          <p class="figure-value">{figure(quotaUnits)}</p>
          <p class="quiet">{quotaUnits === 1 ? 'call' : 'calls'} of the platform’s quota</p>
        </li>
        <li class="card">
          <h2>Left out</h2>
          <p class="figure-value">{figure(days.length - open)}</p>
          {reasons.length === 0 ? (
            <p class="quiet">none</p>
          ) : (
            <ul class="reasons">
              {reasons.map(([reason, count]) => (
                <li key={reason}>
                  {figure(count)} {reason}
                </li>
              ))}
            </ul>
          )}
        </li>
      </ul>
      <section aria-labelledby="days">
        <h2 id="days">Days</h2>
        <DayGrid
          days={days.map(({ day, skipReason }) => ({ day, state: skipReason === null ? 'open' : 'skipped' }))}
        />
      </section>
      <section aria-labelledby="start">
        <h2 id="start">Start</h2>
        {open === 0 ? (
          <Empty>There is nothing to collect, so nothing to start.</Empty>
        ) : away !== null ? (
          <Partial>It cannot be started now: {away} The preview stands.</Partial>
        ) : (
          <Allowed viewer={viewer} scope="operate" to="start a backfill">
            <ActionForm action="/backfills" viewer={viewer}>
              {Object.entries(fields)
                .filter(([name]) => name in backfillFields)
                .map(([name, value]) => (
                  <input key={name} type="hidden" name={name} value={String(value)} />
                ))}
              <button type="submit" class="button-main">
                Keep the plan and start it
              </button>
            </ActionForm>
          </Allowed>
        )}
        <p>The same as a command:</p>
        <pre tabIndex={0} aria-label="Command line">
          <code>{commandOf(fields)}</code>
        </pre>
      </section>
    </>
  );
}
