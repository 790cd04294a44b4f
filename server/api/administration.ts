import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AnalysisScope } from '../../contracts/runs.js';
import { requireContents } from '../../services/known-contents.js';
import { principalOfRequest, servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { Problem } from '../problems.js';
import { truthInQuery, wholeInQuery } from './cursor.js';
import { requestNameOf } from './idempotency.js';
import { envelope, problems, zodRoutes } from './route.js';
import { contentIdsField, optionalBody } from './schemas/fields.js';
import { startedRunSchema, toldRun } from './started-run.js';

const cleanupSchema = z
  .object({
    retention_days: z.int(),
    cutoff: z.string(),
    dry_run: z.boolean(),
    removed_snapshots: z.int(),
    removed_results: z.int(),
    removed_ledger_rows: z.int(),
    removed_exports: z.int(),
    removed_answers: z.int(),
    removed_sessions: z.int(),
  })
  .meta({ id: 'CleanupCounts', description: 'What was removed, or would be.' });

/** What only administrators do. */
export function registerAdministration(app: FastifyInstance, deps: ServerDependencies): void {
  registerCleanup(app, deps);
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
      // Without a key each request is a run of its own.
      const name = requestNameOf(request) ?? `http/${request.id}`;
      const run = await starter.analyze({ scope, chain: 'full', cause: 'recalculate' }, name);
      void reply.code(202).header('location', run.url);
      return { data: toldRun(run) };
    },
  );
}

function registerCleanup(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).delete(
    '/analytics/admin/cleanup',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['administration'],
        summary: 'Remove what is old',
        description:
          'Removes raw instants past the days given (all but each content’s latest), replaced results and settled ledger rows, and exports, kept answers and sessions whose time is over; days and values told by hand stay. Only for keys that see every artist.',
        querystring: z.strictObject({
          retention_days: wholeInQuery(1, 36_500).default(365).describe('What is older goes.'),
          dry_run: truthInQuery().default(false).describe('`true` counts and removes nothing.'),
        }),
        response: { 200: envelope(cleanupSchema), ...problems },
      },
    },
    async (request) => {
      if (principalOfRequest(request).artists !== 'all')
        throw new Problem(403, 'Cleaning up takes a key that sees every artist.');
      const { retention_days, dry_run } = request.query;
      return { data: await servicesOf(request, deps).manager.cleanupOldData(retention_days, dry_run) };
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
