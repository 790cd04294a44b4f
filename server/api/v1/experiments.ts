import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ExperimentDefinition } from '../../../services/experiment-models.js';
import { ExperimentService } from '../../../services/experiments.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { metricNameField } from '../schemas/fields.js';
import { registerExperimentSteps } from './experiment-steps.js';
import { evaluationSchema, experimentSchema, experimentStatuses } from './experiment-schemas.js';
import { idField, nameField, noteField, pathId } from './fields.js';

const definitionBody = z.strictObject({
  artist_id: z.int().min(1).max(2_147_483_647),
  name: nameField,
  hypothesis: noteField.optional(),
  metric: metricNameField,
  kind: z.enum(['proportion', 'mean']),
  variants: z
    .array(
      z.strictObject({
        name: nameField,
        share: z
          .number()
          .positive()
          .max(1_000_000)
          .optional()
          .describe('Relative to the others; 1 unless told.'),
        description: noteField.optional(),
      }),
    )
    .min(2)
    .max(20)
    .describe('The first is the control.'),
  baseline: z.number().describe('The control’s share or mean, as far as it is known.'),
  standard_deviation: z.number().positive().optional().describe('Of one observation; a mean needs it.'),
  minimum_effect: z.number().positive().describe('The smallest difference that matters.'),
  goal: z.enum(['increase', 'decrease']).optional(),
  alpha: z.number().optional().describe('0.05 unless told.'),
  power: z.number().optional().describe('0.8 unless told.'),
  age_days: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Takes the outcome from the assigned contents at this age; none takes recorded totals.'),
});
const cursor = listCursor('experiments', z.tuple([z.int()]));

export function registerExperiments(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['experiments'];
  const service = (request: FastifyRequest): ExperimentService =>
    new ExperimentService({ pool: servicesOf(request, deps).pool, clock: deps.clock });
  routes.get(
    '/api/v1/experiments',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'A/B experiments',
        description: 'The newest first.',
        querystring: z.strictObject({
          ...pageQuery(50),
          artist_id: idField().optional(),
          status: z.enum(experimentStatuses).optional(),
        }),
        response: { 200: pageOf(experimentSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, status } = request.query;
      const found = await service(request).list({
        artistId: artist_id,
        status,
        beforeId: cursor.read(told)?.[0],
        limit: limit + 1,
      });
      return cursor.page(found, limit, ({ id }) => [id]);
    },
  );
  routes.post(
    '/api/v1/experiments',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Define an experiment and start it',
        description: 'The sample is planned here, before the first observation.',
        body: definitionBody,
        response: { 201: envelope(experimentSchema), ...problems },
      },
    },
    async (request, reply) => {
      const by = principalOfRequest(request).actor;
      const made = await service(request).define(definitionOf(request.body), by);
      void reply.code(201).header('location', `/api/v1/experiments/${String(made.id)}`);
      return { data: made };
    },
  );
  routes.get(
    '/api/v1/experiments/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'An experiment with its evaluation',
        description: 'As it stands now; of one that has ended, as the figures stand now.',
        params: pathId,
        response: {
          200: envelope(z.object({ experiment: experimentSchema, evaluation: evaluationSchema })),
          ...problems,
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const experiment = await service(request).show(id);
      return { data: { experiment, evaluation: await service(request).evaluate(id) } };
    },
  );
  registerExperimentSteps(app, service);
}

function definitionOf(body: z.infer<typeof definitionBody>): ExperimentDefinition {
  const { artist_id, name, hypothesis, metric, kind, variants, baseline, standard_deviation } = body;
  const { minimum_effect, goal, alpha, power, age_days } = body;
  return {
    ...{ artistId: artist_id, name, hypothesis: hypothesis ?? null, metric, kind, baseline },
    variants: variants.map((variant) => ({
      name: variant.name,
      description: variant.description ?? null,
      ...(variant.share === undefined ? {} : { share: variant.share }),
    })),
    ...{ standardDeviation: standard_deviation ?? null, minimumEffect: minimum_effect },
    ...{ ageDays: age_days ?? null },
    ...(goal === undefined ? {} : { goal }),
    ...(alpha === undefined ? {} : { alpha }),
    ...(power === undefined ? {} : { power }),
  };
}
