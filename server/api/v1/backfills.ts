import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addDays, daysBetween } from '../../../analytics/calendar.js';
import {
  planBackfill,
  previewBackfill,
  retryFailedDays,
  startBackfill,
} from '../../../operations/backfills.js';
import { showBackfill, signalBackfill, type BackfillSignal } from '../../../operations/running-backfills.js';
import { listPlans, showPlan } from '../../../store/backfill-plans.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { Operations, ServerDependencies } from '../../dependencies.js';
import { Problem } from '../../problems.js';
import { listCursor, pageQuery, truthInQuery } from '../cursor.js';
import { requestNameOf } from '../idempotency.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { startedRunSchema, toldRun } from '../started-run.js';
import {
  planSchema,
  planStates,
  previewSchema,
  requestBody,
  requestOf,
  shownPlanSchema,
  toldPlan,
  toldPreview,
  toldView,
} from './backfill-schemas.js';
import { pathId } from './fields.js';

const cursor = listCursor('backfills', z.tuple([z.int()]));
const startedSchema = envelope(z.object({ backfill: planSchema, run: startedRunSchema }));
const tags = ['backfills'];
const longestDays = 4_000;

export function registerBackfills(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const operations = (request: FastifyRequest): Promise<Operations> =>
    deps.operations(principalOfRequest(request).artists);
  routes.get(
    '/api/v1/backfills',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Backfills',
        description: 'The newest first, each with its days by state.',
        querystring: z.strictObject({ ...pageQuery(50), state: z.enum(planStates).optional() }),
        response: { 200: pageOf(planSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, state } = request.query;
      const beforeId = cursor.read(told)?.[0];
      const plans = await listPlans(servicesOf(request, deps).pool, {
        ...(state === undefined ? {} : { state }),
        ...(beforeId === undefined ? {} : { beforeId }),
        limit: limit + 1,
      });
      return cursor.page(plans.map(toldPlan), limit, ({ id }) => [id]);
    },
  );
  routes.post(
    '/api/v1/backfills',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: 'Collect a range of the past',
        description:
          'Plans the exact days and starts that very plan; with `dry_run=true` it tells the plan, its skipped days with their reasons and its cost, and keeps nothing.',
        querystring: z.strictObject({ dry_run: truthInQuery().default(false) }),
        body: requestBody,
        response: { 200: envelope(previewSchema), 202: startedSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (body.to > addDays(body.from, longestDays))
        throw new Problem(
          400,
          `to: the range holds ${daysBetween(body.from, body.to)} days; ${longestDays} at most.`,
        );
      const { backfills } = await operations(request);
      const asked = requestOf(body);
      if (request.query.dry_run) {
        const preview = await previewBackfill(backfills, asked);
        return { data: toldPreview(preview, asked) };
      }
      const requestName = requestNameOf(request);
      const plan = await planBackfill(backfills, { ...asked, requestName });
      const run = await startBackfill(backfills, plan.id, requestName);
      void reply.code(202).header('location', `/api/v1/backfills/${String(plan.id)}`);
      return { data: { backfill: toldPlan(plan), run: toldRun(run) } };
    },
  );
  routes.get(
    '/api/v1/backfills/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'A backfill, day by day',
        description: 'With what its run says of itself at the moment.',
        params: pathId,
        response: { 200: envelope(shownPlanSchema), ...problems },
      },
    },
    async (request) => {
      const { backfills } = await operations(request);
      return { data: toldView(await showBackfill(backfills, request.params.id)) };
    },
  );
  const signals: [BackfillSignal, summary: string, description: string][] = [
    ['pause', 'Pause a backfill', 'Days under way are finished; no further one begins.'],
    ['resume', 'Resume a backfill', '409 where it does not run.'],
    ['cancel', 'Cancel a backfill', 'One that does not run is cancelled in the ledger alone.'],
  ];
  for (const [signal, summary, description] of signals)
    routes.post(
      `/api/v1/backfills/:id/${signal}`,
      {
        config: { scope: 'operate' },
        schema: {
          ...{ tags, summary, description, params: pathId },
          response: { 202: envelope(planSchema), ...problems },
        },
      },
      async (request, reply) => {
        const { backfills } = await operations(request);
        await signalBackfill(backfills, request.params.id, signal);
        void reply.code(202);
        return { data: toldPlan(await showPlan(backfills.pool, request.params.id)) };
      },
    );
  routes.post(
    '/api/v1/backfills/:id/retry-failed',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: 'Collect the failed days of a backfill again',
        description: '409 where none has failed.',
        params: pathId,
        response: { 202: startedSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { backfills } = await operations(request);
      const run = await retryFailedDays(backfills, request.params.id, requestNameOf(request));
      const plan = await showPlan(backfills.pool, request.params.id);
      void reply.code(202).header('location', `/api/v1/backfills/${String(plan.id)}`);
      return { data: { backfill: toldPlan(plan), run: toldRun(run) } };
    },
  );
}
