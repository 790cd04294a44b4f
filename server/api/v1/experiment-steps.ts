import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ExperimentService } from '../../../services/experiments.js';
import { principalOfRequest } from '../../access/authentication.js';
import { envelope, problems, zodRoutes } from '../route.js';
import { contentIdField, contentIdsField } from '../schemas/fields.js';
import { evaluationSchema, experimentSchema } from './experiment-schemas.js';
import { nameField, noteField, pathId } from './fields.js';

const observationBody = z.strictObject({
  variant: nameField,
  trials: z.int().min(0).describe('Trials so far, or observations behind a mean.'),
  successes: z.int().min(0).optional().describe('Of a proportion.'),
  mean: z.number().optional().describe('Of a mean, with its variance.'),
  variance: z.number().min(0).optional(),
  release_id: z.int().min(1).max(2_147_483_647).optional(),
  content_id: contentIdField.optional(),
});

/** What a running experiment is told, and how it ends. */
export function registerExperimentSteps(
  app: FastifyInstance,
  service: (request: FastifyRequest) => ExperimentService,
): void {
  const routes = zodRoutes(app);
  const tags = ['experiments'];
  const config = { scope: 'write' } as const;
  routes.post(
    '/api/v1/experiments/:id/observations',
    {
      config,
      schema: {
        tags,
        summary: 'Record a variant’s totals so far',
        description:
          'They take the place of the former ones of the same release or content. Answers with the evaluation.',
        params: pathId,
        body: observationBody,
        response: { 200: envelope(evaluationSchema), ...problems },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { variant, trials, successes, mean, variance, release_id, content_id } = request.body;
      const by = principalOfRequest(request).actor;
      await service(request).recordObservation(
        id,
        variant,
        {
          trials,
          ...(successes === undefined ? {} : { successes }),
          ...(mean === undefined ? {} : { mean }),
          ...(variance === undefined ? {} : { variance }),
          ...(release_id === undefined ? {} : { releaseId: release_id }),
          ...(content_id === undefined ? {} : { contentId: content_id }),
        },
        by,
      );
      return { data: await service(request).evaluate(id) };
    },
  );
  routes.post(
    '/api/v1/experiments/:id/assignments',
    {
      config,
      schema: {
        tags,
        summary: 'Assign contents to a variant',
        description: 'What it has already stays. Answers with the evaluation.',
        params: pathId,
        body: z.strictObject({ variant: nameField, content_ids: contentIdsField }),
        response: { 200: envelope(evaluationSchema), ...problems },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { variant, content_ids } = request.body;
      await service(request).assignContents(id, variant, content_ids, principalOfRequest(request).actor);
      return { data: await service(request).evaluate(id) };
    },
  );
  routes.post(
    '/api/v1/experiments/:id/decide',
    {
      config,
      schema: {
        tags,
        summary: 'End an experiment with a variant',
        description: 'The winner unless told; people may decide otherwise than the evaluation says.',
        params: pathId,
        body: z.strictObject({ variant: nameField.optional(), note: noteField.optional() }).default({}),
        response: { 200: envelope(experimentSchema), ...problems },
      },
    },
    async (request) => {
      const { variant, note } = request.body;
      const ended = await service(request).decide(request.params.id, principalOfRequest(request).actor, {
        ...(variant === undefined ? {} : { variant }),
        ...(note === undefined ? {} : { note }),
      });
      return { data: ended };
    },
  );
  routes.post(
    '/api/v1/experiments/:id/close',
    {
      config,
      schema: {
        tags,
        summary: 'End an experiment without a decision',
        description: 'The evaluation of the moment is kept beside it.',
        params: pathId,
        body: z.strictObject({ note: noteField.optional() }).default({}),
        response: { 200: envelope(experimentSchema), ...problems },
      },
    },
    async (request) => {
      const by = principalOfRequest(request).actor;
      return { data: await service(request).close(request.params.id, by, request.body.note ?? null) };
    },
  );
}
