import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { performanceBand, thresholdsOfScore } from '../../../analytics/performance-band.js';
import { analysisSettingsOf } from '../../../services/analysis-settings.js';
import { listScores } from '../../../store/listings/scores.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { instant, isoDay } from '../schemas/fields.js';
import { idField } from './fields.js';

const scoreSchema = z
  .object({
    release_id: z.int(),
    artist_id: z.int(),
    title: z.string(),
    format: z.string().nullable(),
    age_days: z.int(),
    checkpoint_day: isoDay.describe('On which the release reached the age.'),
    score: z.number().nullable().describe('0 to 10 among releases of the format at the same age.'),
    band: z.string().nullable().describe('By the configured thresholds.'),
    contributions: z.array(
      z.object({
        platform: z.string(),
        metric: z.string(),
        value: z.number(),
        percentile: z.number(),
        weight: z.number(),
        points: z.number(),
      }),
    ),
    peers: z.int(),
    withheld: z.string().nullable(),
    method_version: z.string(),
    weights_id: z.int().nullable(),
    run_id: z.string(),
    computed_at: instant,
  })
  .meta({ id: 'ReleaseScore' });
const cursor = listCursor('scores', z.tuple([z.int(), z.int()]));

export function registerScores(app: FastifyInstance, deps: ServerDependencies): void {
  const { performance } = analysisSettingsOf(deps.configuration);
  zodRoutes(app).get(
    '/api/v1/scores',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['findings'],
        summary: 'Scores of releases',
        description: 'The latest one a release and age, in order of both, with what it consists of.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          age_days: idField().optional(),
        }),
        response: { 200: pageOf(scoreSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, release_id, age_days } = request.query;
      const rows = await listScores(servicesOf(request, deps).pool, {
        artistId: artist_id ?? null,
        releaseId: release_id ?? null,
        ageDays: age_days ?? null,
        after: cursor.read(told),
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, ({ releaseId, ageDays }) => [releaseId, ageDays]);
      const data = page.data.map((row) => ({
        ...{ release_id: row.releaseId, artist_id: row.artistId, title: row.title, format: row.format },
        ...{ age_days: row.ageDays, checkpoint_day: row.checkpointDay, score: row.score },
        band:
          row.score === null
            ? null
            : performanceBand(row.score, thresholdsOfScore(performance, row.contributions)),
        ...{ contributions: [...row.contributions], peers: row.peers, withheld: row.withheldReason },
        ...{ method_version: row.methodVersion, weights_id: row.weightsId, run_id: row.runId },
        computed_at: row.computedAt.toISOString(),
      }));
      return { ...page, data };
    },
  );
}
