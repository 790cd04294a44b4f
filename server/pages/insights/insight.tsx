/** One insight: its evidence, what can be decided, what was, and what became of it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { dayOf } from '../../../analytics/calendar.js';
import { readImpact } from '../../../analytics/insight-impact.js';
import { InsightService, type ListedInsight, type ShownInsight } from '../../../services/insight-service.js';
import { releasesOfContents, type TouchedRelease } from '../../../store/releases.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { longIdOr } from '../../long-id.js';
import type { ToldProblem } from '../../problems.js';
import { counted, figure, Instant, ReleaseLink } from '../parts/figures.js';
import { act, formBody, optionalText } from '../parts/form.js';
import { Empty, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { viewerOf } from '../parts/viewer.js';
import { DecisionForms } from './decision-forms.js';
import { Evidence, impactWriter, predictionOf } from './evidence.js';
import { PriorityTag, StatusTag } from './tags.js';
import { eventWords, typeWords, verdictWords, worded } from './words.js';

const mostReleases = 50;
const params = z.object({ id: longIdOr('is no insight’s number') });

export function registerInsight(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/insights/:id',
    { config: { scope: 'read', isPage: true }, schema: { params } },
    (request, reply) => sendInsight(request, reply, deps, request.params.id, null),
  );
  const config = { scope: 'write', isPage: true } as const;
  const decided = (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    past: string,
    decide: (service: InsightService, id: string, by: string) => Promise<ListedInsight>,
  ): Promise<FastifyReply> => {
    const { id } = request.params;
    return act(
      request,
      reply,
      deps,
      async () => {
        const { title } = await decide(serviceOf(request, deps), id, viewerOf(request).actor);
        return { to: `/insights/${id}`, word: `${past}: ${title}` };
      },
      (problem) => sendInsight(request, reply, deps, id, problem),
    );
  };
  routes.post(
    '/insights/:id/accept',
    { config, schema: { params, body: formBody({ note: optionalText }) } },
    (request, reply) =>
      decided(request, reply, 'Accepted', (service, id, by) => service.accept(id, by, request.body.note)),
  );
  routes.post(
    '/insights/:id/dismiss',
    { config, schema: { params, body: formBody({ reason: z.string().max(2_000) }) } },
    (request, reply) =>
      decided(request, reply, 'Dismissed', (service, id, by) => service.dismiss(id, by, request.body.reason)),
  );
  routes.post(
    '/insights/:id/snooze',
    { config, schema: { params, body: formBody({ until: z.string().max(20), note: optionalText }) } },
    (request, reply) =>
      decided(request, reply, 'Snoozed', (service, id, by) =>
        service.snooze(id, by, request.body.until, request.body.note),
      ),
  );
}

function serviceOf(request: FastifyRequest, deps: ServerDependencies): InsightService {
  return new InsightService({ db: servicesOf(request, deps).pool, clock: deps.clock });
}

async function sendInsight(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  id: string,
  refusal: ToldProblem | null,
): Promise<FastifyReply> {
  const insight = await serviceOf(request, deps).show(id);
  const releases = await releasesOfContents(servicesOf(request, deps).pool, insight.affected_content);
  const prediction = predictionOf(insight.data_supporting);
  return sendWithFreshness(request, reply, deps, {
    title: insight.title,
    section: '/insights',
    status: refusal?.status ?? 200,
    content: (
      <>
        <p>
          <a href="/insights">All insights</a>
        </p>
        <Refusal problem={refusal} />
        <h1 dir="auto">{insight.title}</h1>
        <p class="tags">
          <PriorityTag priority={insight.priority} />{' '}
          <span class="tag">{worded(typeWords, insight.insight_type)}</span> <StatusTag insight={insight} />
        </p>
        <p dir="auto">{insight.description}</p>
        <section aria-labelledby="evidence">
          <h2 id="evidence">Evidence</h2>
          <Evidence supporting={insight.data_supporting} releases={releases.length} />
          <p>
            <strong>Predicted impact:</strong> <span dir="auto">{insight.impact_prediction}</span>
          </p>
          {prediction === null ? null : <p class="quiet">To be checked: {prediction}.</p>}
          <p>
            <strong>Difficulty:</strong> {insight.implementation_difficulty}
          </p>
          <p class="quiet">
            First found <Instant at={insight.first_found_at} />, last found{' '}
            <Instant at={insight.last_found_at} />, method version {insight.version}.
          </p>
        </section>
        <section aria-labelledby="decide">
          <h2 id="decide">Decide</h2>
          <DecisionForms
            id={insight.id}
            status={insight.status}
            today={dayOf(deps.clock.now(), 'UTC')}
            viewer={viewerOf(request)}
          />
        </section>
        <Outcomes insight={insight} />
        <History insight={insight} />
        <Touched releases={releases} contents={insight.affected_content.length} />
      </>
    ),
  });
}

function Outcomes({ insight }: { insight: ShownInsight }): VNode | null {
  if (insight.outcomes.length === 0) {
    if (insight.status !== 'accepted' || readImpact(insight.data_supporting) === null) return null;
    return (
      <section aria-labelledby="outcome">
        <h2 id="outcome">What became of it</h2>
        <Empty>Its prediction is checked once its time has come.</Empty>
      </section>
    );
  }
  return (
    <section aria-labelledby="outcome">
      <h2 id="outcome">What became of it</h2>
      <ul>
        {insight.outcomes.map((outcome) => {
          const write = impactWriter(outcome.unit);
          return (
            <li key={outcome.horizon_day}>
              By {outcome.horizon_day}, {outcome.metric.replaceAll('_', ' ')}: {write(outcome.predicted_low)}{' '}
              to {write(outcome.predicted_high)} predicted,{' '}
              {outcome.actual === null ? 'unknown' : write(outcome.actual)} came. The prediction{' '}
              <strong>{worded(verdictWords, outcome.verdict).toLowerCase()}</strong>
              {outcome.reason === null ? '' : ` (${outcome.reason})`}.
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function History({ insight }: { insight: ShownInsight }): VNode {
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {insight.history.length === 0 ? (
        <Empty>Nothing has happened to it yet.</Empty>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="History">
          <table>
            <caption>What happened to it, the first first.</caption>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Who</th>
                <th scope="col">Note</th>
              </tr>
            </thead>
            <tbody>
              {insight.history.map(
                ({ at, action, actor, note, snoozed_until: until, run_id: runId }, index) => (
                  <tr key={index}>
                    <td>
                      <Instant at={at} />
                    </td>
                    <th scope="row">
                      {worded(eventWords, action)}
                      {until === null ? '' : ` until ${until}`}
                    </th>
                    <td>
                      {actor ?? (runId === null ? 'a run' : <a href={`/runs/${runId}`}>run {runId}</a>)}
                    </td>
                    <td dir="auto">{note ?? ''}</td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Touched({
  releases,
  contents,
}: {
  releases: readonly TouchedRelease[];
  contents: number;
}): VNode | null {
  if (contents === 0) return null;
  const shown = releases.slice(0, mostReleases);
  return (
    <section aria-labelledby="touched">
      <h2 id="touched">Where it was found</h2>
      <p class="quiet">
        {counted(contents, 'content')} of {counted(releases.length, 'release')}
        {shown.length < releases.length ? `; the latest ${figure(mostReleases)} are listed` : ''}.
      </p>
      <ul class="inline-list">
        {shown.map(({ id, title }) => (
          <li key={id}>
            <ReleaseLink id={id} title={title} />
          </li>
        ))}
      </ul>
    </section>
  );
}
