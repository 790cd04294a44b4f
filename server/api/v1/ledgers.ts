import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addDays, dayOf } from '../../../analytics/calendar.js';
import { listCoverage } from '../../../store/listings/coverage.js';
import { quotaUsage } from '../../../store/quota.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant, isoDay, platformField } from '../schemas/fields.js';
import { dayField, nameField } from './fields.js';

export const reports = ['counters', 'daily', 'export'] as const;
const states = ['missing', 'provisional', 'final', 'failed', 'unavailable'] as const;
const coverageSchema = z
  .object({
    platform: z.string(),
    account: z.string(),
    report: z.enum(reports),
    day: isoDay,
    state: z.enum(states),
    attempts: z.int(),
    rows: z.int(),
    digest: z.string().nullable(),
    failure_kind: z.string().nullable(),
    failure_message: z.string().nullable(),
    run_id: z.string().nullable(),
    updated_at: instant,
  })
  .meta({ id: 'CoverageDay', description: 'What is known of a day of an account’s report.' });
const quotaSchema = z
  .object({
    project: z.string(),
    bucket: z.string(),
    quota_day: isoDay.describe('The platform’s own; Google’s ends at midnight in Los Angeles.'),
    reserved: z.int(),
    limit: z.int(),
    exhausted_until: instant.nullable().describe('The platform said that nothing is left until then.'),
  })
  .meta({ id: 'QuotaUsage' });
const cursor = listCursor('coverage', z.tuple([z.iso.date(), z.int(), z.string()]));
const quotaDays = 30;

/** The ledgers of what was collected and of what that cost. */
export function registerLedgers(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['collection'];
  routes.get(
    '/api/v1/coverage',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Which days are covered',
        description: 'The latest day first, the range half-open. A day that is absent was never tried.',
        querystring: z.strictObject({
          ...pageQuery(200, 1_000),
          platform: platformField.optional(),
          account: nameField.optional(),
          report: z.enum(reports).optional(),
          state: z.enum(states).optional(),
          from: dayField.optional(),
          to: dayField.optional().describe('Exclusive.'),
        }),
        response: { 200: pageOf(coverageSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, platform, account, report, state, from, to } = request.query;
      const rows = await listCoverage(servicesOf(request, deps).pool, {
        platform: platform ?? null,
        account: account ?? null,
        report: report ?? null,
        state: state ?? null,
        from: from ?? null,
        to: to ?? null,
        accountIds: null,
        after: cursor.read(told),
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, (row) => [row.day, row.accountId, row.report]);
      const data = page.data.map((row) => ({
        ...{ platform: row.platform, account: row.account, report: row.report, day: row.day },
        ...{ state: row.state, attempts: row.attempts, rows: row.rows, digest: row.digest },
        ...{ failure_kind: row.failureKind, failure_message: row.failureMessage, run_id: row.runId },
        updated_at: row.updatedAt.toISOString(),
      }));
      return { ...page, data };
    },
  );
  routes.get(
    '/api/v1/quota',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'What was reserved of each quota',
        description: 'The newest day first.',
        querystring: z.strictObject({
          from: dayField.optional().describe('The first quota day; 30 days ago unless told.'),
        }),
        response: { 200: envelope(z.array(quotaSchema)), ...problems },
      },
    },
    async (request) => {
      const from = request.query.from ?? addDays(dayOf(deps.clock.now(), 'UTC'), -quotaDays);
      const rows = await quotaUsage(servicesOf(request, deps).pool, from);
      return {
        data: rows.map(({ project, bucket, quotaDay, reserved, limit, exhaustedUntil }) => ({
          ...{ project, bucket, quota_day: quotaDay, reserved, limit },
          exhausted_until: exhaustedUntil?.toISOString() ?? null,
        })),
      };
    },
  );
}
