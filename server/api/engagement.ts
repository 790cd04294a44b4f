import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { largestFigure, type TrackRequest } from '../../services/track-engagement.js';
import { servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { envelope, problems, zodRoutes } from './route.js';
import { contentIdField, metricNameField, platformField } from './schemas/fields.js';

const trackBody = z
  .strictObject({
    content_id: contentIdField.describe('An unknown content is created, linked to no release.'),
    platform: platformField,
    metrics: z
      .record(metricNameField, z.number().min(-largestFigure).max(largestFigure))
      .refine((told) => Object.keys(told).length > 0, 'holds at least one figure')
      .describe('The figures as they stand now, by name.')
      .meta({ minProperties: 1 }),
    metadata: z.record(z.string(), z.unknown()).optional().describe('Kept beside the figures.'),
  })
  .meta({ id: 'TrackRequest' });

const batchBody = z.strictObject({
  items: z
    .array(
      z
        .unknown()
        .describe(
          'As the body of `/analytics/engagement/track`; one that makes no sense is rejected by itself.',
        ),
    )
    .max(10_000),
});

/** Figures that callers push. */
export function registerEngagement(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.post(
    '/analytics/engagement/track',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['engagement'],
        summary: 'Keep the figures of a content as of now',
        description: 'A content is known by our key or by the platform’s id.',
        body: trackBody,
        response: { 200: envelope(z.object({ snapshot_id: z.string() })), ...problems },
      },
    },
    async (request) => {
      const { content_id, platform, metrics, metadata } = request.body;
      const { manager } = servicesOf(request, deps);
      const snapshotId = await manager.trackContentPerformance(content_id, platform, metrics, metadata);
      return { data: { snapshot_id: snapshotId } };
    },
  );
  routes.post(
    '/analytics/engagement/batch-track',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['engagement'],
        summary: 'Keep the figures of up to 10,000 contents',
        description: 'What is accepted is kept, whatever is rejected beside it.',
        body: batchBody,
        response: {
          200: envelope(
            z.object({
              accepted: z.int(),
              snapshot_ids: z.array(z.string()).describe('In the order of the accepted items.'),
              rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
            }),
          ),
          ...problems,
        },
      },
    },
    async (request) => {
      const accepted: { index: number; item: TrackRequest }[] = [];
      const rejected: { index: number; reason: string }[] = [];
      request.body.items.forEach((told, index) => {
        const read = trackBody.safeParse(told);
        if (read.success) accepted.push({ index, item: read.data });
        else rejected.push({ index, reason: reasonOf(read.error) });
      });
      const { manager } = servicesOf(request, deps);
      const result = await manager.engagementTracker.batchTrackEngagement(accepted.map(({ item }) => item));
      for (const { index, reason } of result.rejected)
        rejected.push({ index: accepted[index]!.index, reason });
      return { data: { ...result, rejected: rejected.sort((a, b) => a.index - b.index) } };
    },
  );
}

function reasonOf({ issues }: z.ZodError): string {
  const told = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return told.slice(0, 5).join('; ');
}
