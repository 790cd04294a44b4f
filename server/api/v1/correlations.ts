import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listCorrelations, type ListedCorrelation } from '../../../store/listings/correlations.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery, truthInQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { instant, metricNameField } from '../schemas/fields.js';
import { idField, nameField } from './fields.js';

const figure = z.number().nullable();
const correlationSchema = z
  .object({
    artist_id: z.int(),
    feature: z.string(),
    metric: z.string(),
    method: z.string(),
    method_version: z.string(),
    correlation_coefficient: figure,
    p_value: figure,
    adjusted_p_value: figure.describe('After Benjamini and Hochberg, over the artist’s whole family.'),
    confidence_interval: z.tuple([z.number(), z.number()]).nullable(),
    sample_size: z.int(),
    strength: z.string().nullable(),
    direction: z.string().nullable(),
    significant: z.boolean(),
    interpretation: z.string().nullable(),
    confounded_by: z.array(z.string()).describe('What accounts for it; empty where nothing does.'),
    effect: z.record(z.string(), z.unknown()).nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    withheld: z.string().nullable().describe('Why there is no result; null where there is one.'),
    run_id: z.string(),
    computed_at: instant,
  })
  .meta({ id: 'Correlation', description: 'How a feature goes with an outcome; no statement of cause.' });
const cursor = listCursor('correlations', z.tuple([z.int(), z.string(), z.string(), z.string()]));

export function registerCorrelations(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/correlations',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['findings'],
        summary: 'Correlations of features with outcomes',
        description: 'Each artist’s latest analysis, in order of artist, feature, metric and method.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          feature: nameField.optional(),
          metric: metricNameField.optional(),
          significant: truthInQuery().optional(),
        }),
        response: { 200: pageOf(correlationSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, feature, metric, significant } = request.query;
      const rows = await listCorrelations(servicesOf(request, deps).pool, {
        artistId: artist_id ?? null,
        feature: feature ?? null,
        metric: metric ?? null,
        significant: significant ?? null,
        after: cursor.read(told),
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, (row) => [row.artistId, row.feature, row.metric, row.method]);
      return { ...page, data: page.data.map(toldCorrelation) };
    },
  );
}

function toldCorrelation(row: ListedCorrelation): z.infer<typeof correlationSchema> {
  const { feature, metric, method, low, high, strength, direction, significant, interpretation } = row;
  return {
    ...{ artist_id: row.artistId, feature, metric, method, method_version: row.methodVersion },
    ...{ correlation_coefficient: row.coefficient, p_value: row.pValue, adjusted_p_value: row.adjustedP },
    confidence_interval: low === null || high === null ? null : [low, high],
    ...{ sample_size: row.sampleSize, strength, direction, significant, interpretation },
    confounded_by: row.confoundedBy,
    effect: row.effect === null ? null : { ...row.effect },
    detail: row.detail === null ? null : { ...row.detail },
    ...{ withheld: row.withheldReason, run_id: row.runId, computed_at: row.computedAt.toISOString() },
  };
}
