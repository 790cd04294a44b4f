/** A new experiment: its plan is looked at first, and kept by a form of its own. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { plannedExperiment } from '../../../services/experiment-rules.js';
import { ExperimentService } from '../../../services/experiments.js';
import { listArtists } from '../../../store/artists.js';
import { listMetrics } from '../../../store/entry-context.js';
import { StoreError } from '../../../store/errors.js';
import type { NewExperiment } from '../../../store/experiments.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem, tellProblem, type ToldProblem } from '../../problems.js';
import { counted, figure, percent } from '../parts/figures.js';
import { act, ActionForm, formBody } from '../parts/form.js';
import { Allowed, Empty, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given } from '../parts/query.js';
import { viewerOf, type Viewer } from '../parts/viewer.js';
import { DefinitionForm } from './definition-form.js';
import { definitionFields, readDefinition, type TypedDefinition } from './typed-values.js';

const usual: Partial<TypedDefinition> = { kind: 'proportion', goal: 'increase', alpha: '0.05', power: '0.8' };
const query = z.object({ ...definitionFields, step: given(z.literal('plan')) });

export function registerDefinition(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/experiments/new',
    { config: { scope: 'read', isPage: true }, schema: { querystring: query } },
    (request, reply) => {
      const { step, ...fields } = request.query;
      const isPlanned = step === 'plan';
      return sendDefinition(
        request,
        reply,
        deps,
        isPlanned ? fields : { ...fields, ...usual },
        isPlanned,
        null,
      );
    },
  );
  routes.post(
    '/experiments',
    { config: { scope: 'write', isPage: true }, schema: { body: formBody(definitionFields) } },
    (request, reply) =>
      act(
        request,
        reply,
        deps,
        async () => {
          const definition = readDefinition(request.body);
          const service = new ExperimentService({ pool: servicesOf(request, deps).pool, clock: deps.clock });
          const made = await service.define(definition, viewerOf(request).actor).catch(tellBesideField);
          return {
            to: `/experiments/${String(made.id)}`,
            word: `“${made.name}” runs; it needs ${counted(made.planned_per_variant, 'observation')} a variant.`,
          };
        },
        (problem) => sendDefinition(request, reply, deps, request.body, true, problem),
      ),
  );
}

/** A new test is in conflict over nothing but its name, and misses nothing but its artist. */
function tellBesideField(error: unknown): never {
  const code = error instanceof StoreError ? error.code : null;
  if (code !== 'conflict' && code !== 'notFound') throw error;
  const [status, field, detail] =
    code === 'conflict'
      ? [409, 'name', 'the artist has an experiment of this name already']
      : [400, 'artist', 'there is no such artist'];
  throw new Problem(status, `${field}: ${detail}`, [{ pointer: `/${field}`, detail }], { cause: error });
}

async function sendDefinition(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  fields: TypedDefinition,
  isPlanned: boolean,
  refused: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const viewer = viewerOf(request);
  const [artists, metrics] = await Promise.all([listArtists(pool), listMetrics(pool)]);
  const looked = isPlanned ? planOf(fields, viewer.actor, deps.clock.now()) : null;
  const problem = refused ?? looked?.problem ?? null;
  return sendWithFreshness(request, reply, deps, {
    title: 'A new experiment',
    section: '/insights',
    status: problem?.status ?? 200,
    content: (
      <>
        <p>
          <a href="/experiments">All experiments</a>
        </p>
        <h1>A new experiment</h1>
        <p class="lead">The sample is planned before the first observation, and shown before it is kept.</p>
        <Refusal problem={problem} />
        <Allowed viewer={viewer} scope="write" to="define experiments">
          {artists.length === 0 ? (
            <Empty>
              There is no artist yet whose experiment it could be. One comes with a release:{' '}
              <code>tidemark release add</code>.
            </Empty>
          ) : (
            <>
              {looked?.plan == null ? null : <Plan plan={looked.plan} fields={fields} viewer={viewer} />}
              <DefinitionForm fields={fields} artists={artists} metrics={metrics} problem={problem} />
            </>
          )}
        </Allowed>
      </>
    ),
  });
}

/** The plan of what was typed, or what keeps it from being one. */
function planOf(
  fields: TypedDefinition,
  by: string,
  now: Date,
): { plan: NewExperiment; problem: null } | { plan: null; problem: ToldProblem } {
  try {
    return { plan: plannedExperiment(readDefinition(fields), by, now), problem: null };
  } catch (error) {
    const problem = tellProblem(error);
    if (problem.status >= 500) throw error;
    return { plan: null, problem };
  }
}

function Plan({
  plan,
  fields,
  viewer,
}: {
  plan: NewExperiment;
  fields: TypedDefinition;
  viewer: Viewer;
}): VNode {
  const { plannedPerVariant, variants, alpha, power } = plan;
  return (
    <section aria-labelledby="plan" class="panel">
      <h2 id="plan">The plan</h2>
      <p class="figure-value">
        {figure(plannedPerVariant)} <small>observations a variant</small>
      </p>
      <p>
        {figure(plannedPerVariant * variants.length)} of {counted(variants.length, 'variant')} together, the
        control “<span dir="auto">{variants[0]!.name}</span>”. They find the smallest effect with a
        probability of {percent(power, 1)}, and name a winner without a difference with one of at most{' '}
        {percent(alpha, 1)}, however often anybody looks.
      </p>
      <ActionForm action="/experiments" viewer={viewer}>
        {Object.keys(definitionFields).map((name) => (
          <input key={name} type="hidden" name={name} value={fields[name as keyof TypedDefinition]} />
        ))}
        <button type="submit" class="button-main">
          Keep the plan and start it
        </button>
      </ActionForm>
    </section>
  );
}
