import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { InsightService, insightStatuses, type ListedInsight } from '../../../services/insight-service.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { contentIdField, instant, isoDay, platformField } from '../schemas/fields.js';
import { dayField, idField, longId, nameField, noteField, pathLongId } from './fields.js';

const insight = {
  id: z.string(),
  artist_id: z.int(),
  insight_type: z.string(),
  priority: z.enum(['low', 'medium', 'high']),
  title: z.string(),
  description: z.string(),
  impact_prediction: z.string(),
  implementation_difficulty: z.string(),
  affected_content: z.array(z.string()),
  data_supporting: z.record(z.string(), z.unknown()),
  status: z.string(),
  snoozed_until: isoDay.nullable(),
  rank: z.number(),
  version: z.string(),
  first_found_at: instant,
  last_found_at: instant,
};
const insightSchema = z.object(insight).meta({ id: 'Insight' });
const shownSchema = z
  .object({
    ...insight,
    history: z
      .array(
        z.object({
          action: z.string(),
          at: instant,
          actor: z.string().nullable().describe('Who decided; null where a run did.'),
          note: z.string().nullable(),
          from_status: z.string().nullable(),
          to_status: z.string(),
          snoozed_until: isoDay.nullable(),
          run_id: z.string().nullable(),
          evidence: z.record(z.string(), z.unknown()).describe('What it said at that moment.'),
        }),
      )
      .describe('Everything that happened to it, in order.'),
    outcomes: z.array(z.record(z.string(), z.unknown())).describe('What became of its predictions.'),
  })
  .meta({ id: 'ShownInsight' });
const cursor = listCursor('insights', z.tuple([z.number(), longId]));
const tags = ['insights'];

export function registerInsights(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const service = (request: FastifyRequest): InsightService =>
    new InsightService({ db: servicesOf(request, deps).pool, clock: deps.clock });
  routes.get(
    '/api/v1/insights',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Insights',
        description:
          'The highest rank first. Unless a status is told, those that ask for attention: open ones, and snoozed ones whose day has come.',
        querystring: z.strictObject({
          ...pageQuery(50),
          status: z.enum(insightStatuses).optional(),
          artist_id: idField().optional(),
          platform: platformField.optional().describe('Those that touch a content of it.'),
          content_id: contentIdField.optional().describe('Those that touch this content, by our key.'),
          insight_type: nameField.optional(),
        }),
        response: { 200: pageOf(insightSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, ...filter } = request.query;
      const found = await service(request).list({
        statuses: filter.status === undefined ? undefined : [filter.status],
        artistId: filter.artist_id,
        platforms: filter.platform === undefined ? undefined : [filter.platform],
        contentIds: filter.content_id === undefined ? undefined : [filter.content_id],
        types: filter.insight_type === undefined ? undefined : [filter.insight_type],
        after: cursor.read(told) ?? undefined,
        limit: limit + 1,
      });
      return cursor.page(found.map(toldInsight), limit, ({ rank, id }) => [rank, id]);
    },
  );
  routes.get(
    '/api/v1/insights/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'An insight with its history',
        description: 'What was decided about it, when and by whom, and whether its predictions held.',
        params: pathLongId,
        response: { 200: envelope(shownSchema), ...problems },
      },
    },
    async (request) => {
      const shown = await service(request).show(request.params.id);
      return {
        data: {
          ...toldInsight(shown),
          history: shown.history.map(({ at, evidence, ...event }) => ({
            ...event,
            at: at.toISOString(),
            evidence: { ...evidence },
          })),
          outcomes: shown.outcomes.map((outcome) => ({ ...outcome })),
        },
      };
    },
  );
  registerDecisions(app, service);
}

function registerDecisions(app: FastifyInstance, service: (request: FastifyRequest) => InsightService): void {
  const routes = zodRoutes(app);
  const response = { 200: envelope(insightSchema), ...problems };
  const config = { scope: 'write' } as const;
  routes.post(
    '/api/v1/insights/:id/accept',
    {
      config,
      schema: {
        tags,
        summary: 'Accept an insight',
        description: 'The team acts on it. Its prediction is checked once its time has passed.',
        params: pathLongId,
        body: z.strictObject({ note: noteField.optional() }).default({}),
        response,
      },
    },
    async (request) => {
      const { note = null } = request.body;
      const by = principalOfRequest(request).actor;
      return { data: toldInsight(await service(request).accept(request.params.id, by, note)) };
    },
  );
  routes.post(
    '/api/v1/insights/:id/dismiss',
    {
      config,
      schema: {
        tags,
        summary: 'Dismiss an insight',
        description: 'It does not come back for 90 days, unless its evidence changes.',
        params: pathLongId,
        body: z.strictObject({ reason: noteField }),
        response,
      },
    },
    async (request) => {
      const by = principalOfRequest(request).actor;
      const { reason } = request.body;
      return { data: toldInsight(await service(request).dismiss(request.params.id, by, reason)) };
    },
  );
  routes.post(
    '/api/v1/insights/:id/snooze',
    {
      config,
      schema: {
        tags,
        summary: 'Snooze an insight',
        description: 'It comes back on the day told, which lies after today.',
        params: pathLongId,
        body: z.strictObject({ until: dayField, note: noteField.optional() }),
        response,
      },
    },
    async (request) => {
      const { until, note = null } = request.body;
      const by = principalOfRequest(request).actor;
      return { data: toldInsight(await service(request).snooze(request.params.id, by, until, note)) };
    },
  );
}

function toldInsight(found: ListedInsight): z.infer<typeof insightSchema> {
  const { first_found_at, last_found_at, ...told } = found;
  return {
    ...told,
    first_found_at: first_found_at.toISOString(),
    last_found_at: last_found_at.toISOString(),
  };
}
