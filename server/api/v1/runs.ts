import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cancelRun, listRunsWithLinks, showRun, type ListedRun } from '../../../operations/runs.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant, isoDay, platformField } from '../schemas/fields.js';
import { longId, pathLongId } from './fields.js';

const kinds = [
  'tick',
  'collect',
  'backfill',
  'analyze',
  'analyze-daily',
  'import',
  'maintain',
  'export',
] as const;
const states = ['running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
const run = {
  id: z.string(),
  kind: z.string(),
  state: z.enum(states),
  workflow_id: z.string(),
  temporal_run_id: z.string(),
  platform: z.string().nullable(),
  account: z.string().nullable(),
  report: z.string().nullable(),
  window_from: isoDay.nullable(),
  window_to: isoDay.nullable().describe('Exclusive.'),
  plan_id: z.int().nullable().describe('The backfill that it belongs to.'),
  counts: z.record(z.string(), z.unknown()),
  failure_kind: z.string().nullable(),
  failure_message: z.string().nullable(),
  warnings: z.array(z.string()),
  started_at: instant,
  finished_at: instant.nullable(),
  url: z.string().nullable().describe('The run in Temporal’s web UI; null where none is known.'),
};
const runSchema = z.object(run).meta({ id: 'Run' });
const shownSchema = z
  .object({
    ...run,
    temporal: z
      .object({
        status: z.string(),
        started_at: instant,
        closed_at: instant.nullable(),
        history_length: z.int(),
        summary: z.string().nullable(),
      })
      .nullable()
      .describe('What Temporal says of it; null where its retention has passed.'),
  })
  .meta({ id: 'ShownRun' });
const cursor = listCursor('runs', z.tuple([longId]));

export function registerRuns(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['runs'];
  routes.get(
    '/api/v1/runs',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Runs',
        description: 'The newest first, from the ledger that outlives Temporal’s retention.',
        querystring: z.strictObject({
          ...pageQuery(50),
          kind: z.enum(kinds).optional(),
          state: z.enum(states).optional(),
          platform: platformField.optional(),
        }),
        response: { 200: pageOf(runSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, kind, state, platform } = request.query;
      const beforeId = cursor.read(told)?.[0];
      const { pool } = servicesOf(request, deps);
      const runs = await listRunsWithLinks(
        { pool, ui: deps.ui },
        {
          ...(kind === undefined ? {} : { kind }),
          ...(state === undefined ? {} : { state }),
          ...(platform === undefined ? {} : { platform }),
          ...(beforeId === undefined ? {} : { beforeId }),
          limit: limit + 1,
        },
      );
      return cursor.page(runs.map(toldRun), limit, ({ id }) => [id]);
    },
  );
  routes.get(
    '/api/v1/runs/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'A run, with what Temporal says of it',
        description: 'By its number in the ledger.',
        params: pathLongId,
        response: { 200: envelope(shownSchema), ...problems },
      },
    },
    async (request) => {
      const { client } = await deps.operations(principalOfRequest(request).artists);
      const { pool } = servicesOf(request, deps);
      const { temporal, ...shown } = await showRun({ pool, client, ui: deps.ui }, request.params.id);
      return {
        data: {
          ...toldRun(shown),
          temporal:
            temporal === null
              ? null
              : {
                  status: temporal.status,
                  started_at: temporal.startedAt.toISOString(),
                  closed_at: temporal.closedAt?.toISOString() ?? null,
                  history_length: temporal.historyLength,
                  summary: temporal.summary,
                },
        },
      };
    },
  );
  routes.post(
    '/api/v1/runs/:id/cancel',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: 'Cancel a run',
        description:
          'Asks it to end; it closes its entry in the ledger itself. 409 where it is not under way.',
        params: pathLongId,
        response: { 202: envelope(runSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { client } = await deps.operations(principalOfRequest(request).artists);
      const { pool } = servicesOf(request, deps);
      const cancelled = await cancelRun({ pool, client, ui: deps.ui }, request.params.id);
      void reply.code(202);
      return { data: toldRun(cancelled) };
    },
  );
}

function toldRun(listed: ListedRun): z.infer<typeof runSchema> {
  const { id, kind, state, workflowId, platform, account, report, counts, warnings, url } = listed;
  return {
    ...{ id, kind, state, workflow_id: workflowId, temporal_run_id: listed.temporalRunId, platform },
    ...{ account, report, window_from: listed.windowFrom, window_to: listed.windowTo },
    ...{ plan_id: listed.planId, counts: { ...counts }, failure_kind: listed.failureKind },
    ...{ failure_message: listed.failureMessage, warnings, url },
    started_at: listed.startedAt.toISOString(),
    finished_at: listed.finishedAt?.toISOString() ?? null,
  };
}
