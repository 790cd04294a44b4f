import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AnalysisScope } from '../../contracts/runs.js';
import { requireContents } from '../../services/known-contents.js';
import { principalOfRequest, servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { Problem } from '../problems.js';
import { runNameOf } from './idempotency.js';
import { envelope, problems, zodRoutes } from './route.js';
import { contentIdsField, optionalBody } from './schemas/fields.js';
import { startedRunSchema, toldRun } from './started-run.js';

/** What only administrators do. */
export function registerAdministration(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.post(
    '/analytics/admin/recalculate',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['administration'],
        summary: 'Analyse again',
        description:
          'Starts a run of the whole chain over the contents given, or over all, and answers at once with the run’s place.',
        body: optionalBody({ content_ids: contentIdsField.optional() }),
        response: { 202: envelope(startedRunSchema), ...problems },
      },
    },
    async (request, reply) => {
      const scope = await scopeOf(request, deps, request.body.content_ids);
      const { starter } = await deps.operations(principalOfRequest(request).artists);
      const run = await starter.analyze({ scope, chain: 'full', cause: 'recalculate' }, runNameOf(request));
      void reply.code(202).header('location', run.url);
      return { data: toldRun(run) };
    },
  );
}

async function scopeOf(
  request: FastifyRequest,
  deps: ServerDependencies,
  contentIds: readonly string[] | undefined,
): Promise<AnalysisScope> {
  const { artists } = principalOfRequest(request);
  if (contentIds !== undefined) {
    const known = await requireContents(servicesOf(request, deps).pool, contentIds);
    return { kind: 'contents', contentIds: known.map(({ contentKey }) => contentKey) };
  }
  if (artists === 'all') return { kind: 'all' };
  const [artistId, ...others] = artists;
  // A run is over one artist or over everything, and this caller does not see everything.
  if (artistId === undefined || others.length > 0)
    throw new Problem(422, 'Name content_ids: the key is limited to several artists.');
  return { kind: 'artist', artistId };
}
