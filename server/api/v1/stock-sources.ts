import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RankedSource } from '../../../analytics/stock-ranking.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem } from '../../problems.js';
import { wholeInQuery } from '../cursor.js';
import { envelope, problems, zodRoutes } from '../route.js';
import { isoDay } from '../schemas/fields.js';
import { dayField, nameField } from './fields.js';

const source = {
  source_name: z.string(),
  rank: z.int(),
  score: z.number().describe('0 to 10, decayed by time.'),
  lower: z.number(),
  upper: z.number(),
  releases: z.int(),
  low_evidence: z.boolean().describe('Under five releases.'),
  last_used: z.string().nullable(),
};
const sourceSchema = z
  .object(source)
  .meta({ id: 'StockSource', description: 'With the limits of a 95 % interval.' });
const explainedSchema = z
  .object({
    ...source,
    prior: z.number().describe('The score of a source without any evidence.'),
    deviation: z.number(),
    reliability: z.number().describe('0 to 1: how far its own evidence decides.'),
    variance_share: z.number(),
    half_life_days: z.number(),
    method: z.string(),
    version: z.int(),
    contributions: z.array(
      z.object({
        release_id: z.int(),
        score: z.number(),
        event_day: isoDay,
        share: z.number(),
        decay: z.number(),
        weight: z.number(),
        effect: z.number().describe('Points by which it moves the score away from the prior.'),
      }),
    ),
  })
  .meta({ id: 'ExplainedStockSource' });

const rankingQuery = {
  as_of: dayField.optional().describe('The day that is looked at; today unless told.'),
  half_life_days: z
    .preprocess(
      (told) => (typeof told === 'string' && /^-?\d{1,6}(\.\d{1,6})?$/.test(told) ? Number(told) : told),
      z.number().min(0.01).max(100_000),
    )
    .optional()
    .describe('Days in which an event’s weight halves; 30 unless configured otherwise.'),
};

export function registerStockSources(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['stock sources'];
  routes.get(
    '/api/v1/stock-sources',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Stock sources, best first',
        description: 'Before any evidence they come in order of name.',
        querystring: z.strictObject({
          ...rankingQuery,
          top_n: wholeInQuery(1, 1_000).optional().describe('At most so many; all unless told.'),
        }),
        response: { 200: envelope(z.array(sourceSchema)), ...problems },
      },
    },
    async (request) => {
      const { as_of, half_life_days, top_n } = request.query;
      const { stock } = servicesOf(request, deps);
      const ranking = await stock.rankSources({ asOf: as_of, halfLifeDays: half_life_days });
      return { data: ranking.slice(0, top_n).map(toldSource) };
    },
  );
  routes.get(
    '/api/v1/stock-sources/:source_name',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Why a source ranks where it does',
        description: 'What each release contributed, the largest effect first.',
        params: z.strictObject({ source_name: nameField }),
        querystring: z.strictObject(rankingQuery),
        response: { 200: envelope(explainedSchema), ...problems },
      },
    },
    async (request) => {
      const { as_of, half_life_days } = request.query;
      const { source_name } = request.params;
      const { stock } = servicesOf(request, deps);
      const found = await stock.explainSource(source_name, { asOf: as_of, halfLifeDays: half_life_days });
      if (found === null) throw new Problem(404, `There is no stock source «${source_name}».`);
      return { data: found };
    },
  );
}

function toldSource(ranked: RankedSource): z.infer<typeof sourceSchema> {
  const { source_name, rank, score, lower, upper, releases, low_evidence, last_used } = ranked;
  return { source_name, rank, score, lower, upper, releases, low_evidence, last_used };
}
