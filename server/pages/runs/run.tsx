/** One run: what the ledger holds of it, what Temporal says, and what to do where it failed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { FailureKind } from '../../../contracts/failures.js';
import { mendOfKind } from '../../../operations/failure-mends.js';
import { runLink } from '../../../operations/links.js';
import { cancelRun, showRun, type TemporalView } from '../../../operations/runs.js';
import { getRun, outsideTemporal, type Run } from '../../../store/runs.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import type { ToldProblem } from '../../problems.js';
import { wordFor } from '../filter-bar.js';
import { counted, figure, Instant } from '../parts/figures.js';
import { act, ActionForm, formBody } from '../parts/form.js';
import { Allowed, Partial, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { askTemporal, type FromTemporal } from '../parts/temporal.js';
import { viewerOf, type Viewer } from '../parts/viewer.js';
import { kindWords, tookOf } from './run-words.js';
import { StateTag } from './state-tag.js';

const params = z.object({ id: z.string().max(18) });

export function registerRun(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get('/runs/:id', { config: { scope: 'read', isPage: true }, schema: { params } }, (request, reply) =>
    sendRun(request, reply, deps, request.params.id, null),
  );
  routes.post(
    '/runs/:id/cancel',
    { config: { scope: 'operate', isPage: true }, schema: { params, body: formBody({}) } },
    (request, reply) => {
      const { id } = request.params;
      return act(
        request,
        reply,
        deps,
        async () => {
          const { client } = await deps.operations(principalOfRequest(request).artists);
          const { pool } = servicesOf(request, deps);
          const { workflowId } = await cancelRun({ pool, client, ui: deps.ui }, id);
          return { to: `/runs/${id}`, word: `Asked ${workflowId} to end.` };
        },
        (problem) => sendRun(request, reply, deps, id, problem),
      );
    },
  );
}

async function sendRun(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  id: string,
  refusal: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const run = await getRun(pool, id);
  const temporal = await askTemporal(request, deps, async ({ client }) => {
    const shown = await showRun({ pool, client, ui: deps.ui }, id);
    return shown.temporal;
  });
  const url =
    run.temporalRunId === outsideTemporal ? null : runLink(deps.ui, run.workflowId, run.temporalRunId);
  return sendWithFreshness(request, reply, deps, {
    title: `Run ${run.id}`,
    section: '/runs',
    status: refusal?.status ?? 200,
    content: (
      <>
        <p>
          <a href="/runs">All runs</a>
        </p>
        <Refusal problem={refusal} />
        <h1>
          Run {run.id}: {kindWords[run.kind]}
        </h1>
        <p class="tags">
          <StateTag state={run.state} />
        </p>
        <Failure run={run} />
        <Facts run={run} now={deps.clock.now()} />
        <Counts run={run} />
        {run.warnings.length === 0 ? null : (
          <section aria-labelledby="warnings">
            <h2 id="warnings">{counted(run.warnings.length, 'warning')}</h2>
            <ul>
              {run.warnings.map((warning) => (
                <li key={warning} dir="auto">
                  {warning}
                </li>
              ))}
            </ul>
          </section>
        )}
        <InTemporal run={run} temporal={temporal} url={url} viewer={viewerOf(request)} />
      </>
    ),
  });
}

function Failure({ run }: { run: Run }): VNode | null {
  if (run.failureMessage === null) return null;
  const mend = mendOfKind(run.failureKind as FailureKind | null);
  return (
    <div class="notice notice-failure">
      <p>
        <strong>Failed ({run.failureKind}).</strong> <span dir="auto">{run.failureMessage}</span>
      </p>
      {mend === undefined ? null : (
        <p>
          <strong>What to do:</strong> {mend}
        </p>
      )}
    </div>
  );
}

function Facts({ run, now }: { run: Run; now: Date }): VNode {
  const facts: [string, VNode | string][] = [
    ['Workflow', <code>{run.workflowId}</code>],
    ['Started', <Instant at={run.startedAt} />],
    ['Finished', run.finishedAt === null ? 'not yet' : <Instant at={run.finishedAt} />],
    ['Took', tookOf(run, now)],
  ];
  if (run.platform !== null) facts.push(['Platform', wordFor(run.platform)]);
  if (run.account !== null) facts.push(['Account', run.account]);
  if (run.report !== null) facts.push(['Report', run.report]);
  if (run.windowFrom !== null && run.windowTo !== null)
    facts.push(['Days', `${run.windowFrom} to before ${run.windowTo}`]);
  if (run.planId !== null)
    facts.push(['Backfill', <a href={`/backfills/${String(run.planId)}`}>plan {run.planId}</a>]);
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const countWords = {
  inserted: 'new',
  updated: 'changed',
  unchanged: 'unchanged',
  stale: 'stale, left aside',
  quarantined: 'quarantined',
} as const;

function Counts({ run }: { run: Run }): VNode | null {
  const names = Object.keys(countWords) as (keyof typeof countWords)[];
  const told = names.filter((name) => run.counts[name] !== undefined);
  if (told.length === 0) return null;
  return (
    <section aria-labelledby="rows">
      <h2 id="rows">Rows</h2>
      <dl class="figures">
        {told.map((name) => (
          <div key={name}>
            <dt>{countWords[name]}</dt>
            <dd>{figure(run.counts[name])}</dd>
          </div>
        ))}
      </dl>
      {(run.counts.quarantined ?? 0) > 0 ? (
        <p>
          <a href="/add-data/quarantine">Rows set aside</a> wait there to be mended and replayed.
        </p>
      ) : null}
    </section>
  );
}

function InTemporal({
  run,
  temporal,
  url,
  viewer,
}: {
  run: Run;
  temporal: FromTemporal<TemporalView | null>;
  /** Null for a run that Temporal never knew. */
  url: string | null;
  viewer: Viewer;
}): VNode {
  const { value, away } = temporal;
  if (url === null)
    return <p class="quiet">It ran by a person’s word, in the program itself and not in Temporal.</p>;
  return (
    <section aria-labelledby="temporal">
      <h2 id="temporal">In Temporal</h2>
      {away !== null ? (
        <Partial>
          What Temporal knows of it cannot be shown now, and it cannot be cancelled: {away} The ledger above
          stands.
        </Partial>
      ) : value === null ? (
        <p class="quiet">Temporal has forgotten it: its retention has passed.</p>
      ) : (
        <p>
          {value.status.toLowerCase().replaceAll('_', ' ')}, {counted(value.historyLength, 'event')} in its
          history.
        </p>
      )}
      <p>
        <a href={url}>Open it in Temporal’s UI</a>
      </p>
      {value?.status === 'RUNNING' ? (
        <Allowed viewer={viewer} scope="operate" to="cancel it">
          <ActionForm action={`/runs/${run.id}/cancel`} viewer={viewer}>
            <button type="submit">Ask it to end</button>
          </ActionForm>
        </Allowed>
      ) : null}
    </section>
  );
}
