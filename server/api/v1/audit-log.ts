import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listAuditEntries } from '../../../store/audit-log.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { instant } from '../schemas/fields.js';
import { longId } from './fields.js';
import { requireWholeView } from './whole-view.js';

const entrySchema = z
  .object({
    id: z.string(),
    at: instant,
    actor: z.string(),
    action: z.string(),
    subject: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
const cursor = listCursor('audit-log', z.tuple([longId]));

export function registerAuditLog(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/audit-log',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['administration'],
        summary: 'Who changed what',
        description: 'The latest first. Takes a key of every artist.',
        querystring: z.strictObject(pageQuery(100)),
        response: { 200: pageOf(entrySchema), ...problems },
      },
    },
    async (request) => {
      requireWholeView(request, 'The audit log');
      const { limit, cursor: told } = request.query;
      const before = cursor.read(told)?.[0] ?? null;
      const entries = await listAuditEntries(servicesOf(request, deps).pool, { before, limit: limit + 1 });
      const page = cursor.page(entries, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })) };
    },
  );
}
