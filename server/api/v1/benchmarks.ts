import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BenchmarkService } from '../../../services/benchmarks.js';
import { toldBenchmark } from '../../../services/told-benchmark.js';
import { listBenchmarkPage } from '../../../store/benchmarks.js';
import { analysisSettingsOf } from '../../../services/analysis-settings.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant, metricNameField, platformField } from '../schemas/fields.js';
import { idField, longId, nameField, noteField, pathLongId } from './fields.js';

const figure = z.number().nullable();
const benchmarkSchema = z
  .object({
    id: z.string(),
    artist_id: z.int().nullable().describe('Null for one that all artists share.'),
    origin: z.enum(['own', 'external']),
    platform: z.string(),
    format: z.string().nullable(),
    industry: z.string().nullable(),
    metric: z.string(),
    age_days: z.int().nullable(),
    p30: figure,
    median: figure,
    p70: figure,
    points: z.int().nullable().describe('Contents behind an own one.'),
    withheld: z.string().nullable(),
    method: z.string().nullable(),
    version: z.string().nullable(),
    source: z.string().nullable(),
    edited_by: z.string().nullable(),
    edited_at: instant.nullable(),
    computed_at: instant,
  })
  .meta({ id: 'Benchmark' });
const cursor = listCursor('benchmarks', z.tuple([longId]));

export function registerBenchmarks(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['benchmarks'];
  const settings = analysisSettingsOf(deps.configuration);
  const service = (request: FastifyRequest): BenchmarkService =>
    new BenchmarkService({ pool: servicesOf(request, deps).pool, clock: deps.clock, settings });
  routes.get(
    '/api/v1/benchmarks',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Benchmarks',
        description: 'The team’s own at equal age, and external ones that people told.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional().describe('Its own, and the external ones that all share.'),
          origin: z.enum(['own', 'external']).optional(),
          platform: platformField.optional(),
        }),
        response: { 200: pageOf(benchmarkSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, origin, platform } = request.query;
      const rows = await listBenchmarkPage(servicesOf(request, deps).pool, {
        artistId: artist_id ?? null,
        origin: origin ?? null,
        platform: platform ?? null,
        afterId: cursor.read(told)?.[0] ?? null,
        limit: limit + 1,
      });
      return cursor.page(rows.map(toldBenchmark), limit, ({ id }) => [id]);
    },
  );
  routes.post(
    '/api/v1/benchmarks',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Set an external benchmark',
        description:
          'The former one of the same artist, platform, industry, metric and age is replaced. One that all artists share takes a key of every artist.',
        body: z.strictObject({
          artist_id: z.int().min(1).max(2_147_483_647).optional(),
          platform: platformField,
          industry: nameField.optional(),
          metric: metricNameField,
          age_days: z.int().min(1).max(100_000).optional().describe('Any age unless told.'),
          p30: z.number().optional().describe('Told together with `p70`.'),
          median: z.number(),
          p70: z.number().optional(),
          source: noteField.optional().describe('Where the figures are from.'),
        }),
        response: { 201: envelope(benchmarkSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { artist_id, platform, industry, metric, age_days, p30, median, p70, source } = request.body;
      const set = await service(request).setExternal(
        {
          ...{ platform, metric, median, artistId: artist_id ?? null, industry: industry ?? null },
          ...{ ageDays: age_days ?? null, p30: p30 ?? null, p70: p70 ?? null, source: source ?? null },
        },
        principalOfRequest(request).actor,
      );
      void reply.code(201);
      return { data: set };
    },
  );
  routes.delete(
    '/api/v1/benchmarks/:id',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Strike an external benchmark out',
        description: 'The team’s own ones are computed and cannot be removed.',
        params: pathLongId,
        response: { 200: envelope(z.object({ removed: z.literal(true) })), ...problems },
      },
    },
    async (request) => {
      await service(request).remove(request.params.id, principalOfRequest(request).actor);
      return { data: { removed: true as const } };
    },
  );
}
