/** One experiment: its result as it stands, what it is told, and how it ended. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { ToldExperiment } from '../../../services/experiment-models.js';
import { ExperimentService } from '../../../services/experiments.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import type { ToldProblem } from '../../problems.js';
import { counted, Instant, percent } from '../parts/figures.js';
import { act, formBody, optionalText } from '../parts/form.js';
import { Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { viewerOf } from '../parts/viewer.js';
import { Result } from './result.js';
import { StepForms } from './step-forms.js';
import {
  asFaultOf,
  assignmentFields,
  observationFields,
  readAssignment,
  readObservation,
} from './typed-values.js';
import { estimateText, goalWords, pointsText, statusWords } from './words.js';

const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const note = optionalText;
/** The fields of a form as they were sent. */
type Typed = Readonly<Record<string, string | undefined>>;

export function registerExperiment(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/experiments/:id',
    { config: { scope: 'read', isPage: true }, schema: { params } },
    (request, reply) => sendExperiment(request, reply, deps, { id: request.params.id, typed: {} }, null),
  );
  const config = { scope: 'write', isPage: true } as const;
  /** @param work tells what was done */
  const step = (
    request: FastifyRequest<{ Params: { id: number } }>,
    reply: FastifyReply,
    typed: Typed,
    work: (service: ExperimentService, test: ToldExperiment, by: string) => Promise<string>,
  ): Promise<FastifyReply> => {
    const { id } = request.params;
    return act(
      request,
      reply,
      deps,
      async () => {
        const service = serviceOf(request, deps);
        // One that is not there is told as such, and not as a fault of what the form names.
        const word = await work(service, await service.show(id), viewerOf(request).actor);
        return { to: `/experiments/${String(id)}`, word };
      },
      (problem) => sendExperiment(request, reply, deps, { id, typed }, problem),
    );
  };
  routes.post(
    '/experiments/:id/observations',
    { config, schema: { params, body: formBody(observationFields) } },
    (request, reply) => {
      const typed = request.body;
      return step(request, reply, typed, async (service, test, by) => {
        const { variant, observation } = readObservation(test.kind, typed);
        const subject = observation.contentId === undefined ? 'release' : 'content';
        await asFaultOf(subject, () => service.recordObservation(test.id, variant, observation, by));
        return `Recorded for “${variant}”: ${counted(observation.trials, test.kind === 'mean' ? 'observation' : 'trial')}.`;
      });
    },
  );
  routes.post(
    '/experiments/:id/assignments',
    { config, schema: { params, body: formBody(assignmentFields) } },
    (request, reply) => {
      const typed = request.body;
      return step(request, reply, typed, async (service, test, by) => {
        const { variant, contents } = readAssignment(typed);
        await asFaultOf('contents', () => service.assignContents(test.id, variant, contents, by));
        return `Assigned to “${variant}”: ${counted(contents.length, 'content')}.`;
      });
    },
  );
  routes.post(
    '/experiments/:id/decide',
    { config, schema: { params, body: formBody({ decision: optionalText, note }) } },
    (request, reply) => {
      const { decision, note: why } = request.body;
      const typed = { decision: decision ?? '', note: why ?? '' };
      return step(request, reply, typed, async (service, test, by) => {
        const ended = await asFaultOf('decision', () =>
          service.decide(test.id, by, {
            ...(decision === null ? {} : { variant: decision }),
            ...(why === null ? {} : { note: why }),
          }),
        );
        return `Decided for “${ended.decision ?? ''}”.`;
      });
    },
  );
  routes.post(
    '/experiments/:id/close',
    { config, schema: { params, body: formBody({ note }) } },
    (request, reply) =>
      step(request, reply, {}, async (service, test, by) => {
        await service.close(test.id, by, request.body.note);
        return 'Closed without a decision.';
      }),
  );
}

function serviceOf(request: FastifyRequest, deps: ServerDependencies): ExperimentService {
  return new ExperimentService({ pool: servicesOf(request, deps).pool, clock: deps.clock });
}

async function sendExperiment(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  { id, typed }: { id: number; typed: Typed },
  problem: ToldProblem | null,
): Promise<FastifyReply> {
  const service = serviceOf(request, deps);
  const [test, evaluation] = await Promise.all([service.show(id), service.evaluate(id)]);
  return sendWithFreshness(request, reply, deps, {
    title: test.name,
    section: '/insights',
    status: problem?.status ?? 200,
    content: (
      <>
        <p>
          <a href="/experiments">All experiments</a> · <a href="/insights">Insights</a>
        </p>
        <Refusal problem={problem} />
        <h1 dir="auto">{test.name}</h1>
        <p class="tags">
          <span class="tag">{statusWords[test.status]}</span> <span class="tag">{test.metric}</span>{' '}
          <span class="tag">{goalWords[test.goal]}</span>
        </p>
        {test.hypothesis === null ? null : <p dir="auto">{test.hypothesis}</p>}
        <End test={test} />
        <Result test={test} evaluation={evaluation} />
        <Plan test={test} />
        {test.status === 'running' ? (
          <section aria-labelledby="steps">
            <h2 id="steps">Go on</h2>
            <StepForms
              test={test}
              winner={evaluation.winner}
              viewer={viewerOf(request)}
              typed={typed}
              problem={problem}
            />
          </section>
        ) : null}
      </>
    ),
  });
}

function End({ test }: { test: ToldExperiment }): VNode | null {
  if (test.ended_at === null) return null;
  return (
    <section aria-labelledby="end">
      <h2 id="end">How it ended</h2>
      <p>
        {test.decision === null ? (
          'Closed without a decision'
        ) : (
          <>
            Decided for <strong dir="auto">{test.decision}</strong>
          </>
        )}{' '}
        by {test.decided_by}, <Instant at={test.ended_at} />.
      </p>
      {test.decision_note === null ? null : <p dir="auto">{test.decision_note}</p>}
      <p class="quiet">The result below is of the figures as they stand now.</p>
    </section>
  );
}

function Plan({ test }: { test: ToldExperiment }): VNode {
  const rows = [
    ['Baseline', estimateText(test.kind, test.baseline)],
    [
      'Smallest effect',
      test.kind === 'proportion'
        ? pointsText(test.minimum_effect)
        : estimateText(test.kind, test.minimum_effect),
    ],
    ...(test.standard_deviation === null
      ? []
      : [['Standard deviation', estimateText(test.kind, test.standard_deviation)]]),
    ['Alpha', percent(test.alpha, 1)],
    ['Power', percent(test.power, 1)],
    ['Planned a variant', counted(test.planned_per_variant, 'observation')],
    [
      'Outcome',
      test.age_days === null ? 'recorded totals' : `assigned contents after ${counted(test.age_days, 'day')}`,
    ],
  ];
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">Plan</h2>
      <dl class="figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        Started by {test.created_by}, <Instant at={test.started_at} />.
      </p>
    </section>
  );
}
