import type { FastifyInstance } from 'fastify';
import { addAuditEntry } from '../../store/audit-log.js';
import type { ServerDependencies } from '../dependencies.js';
import { mayHaveWritten } from './safe-requests.js';

/** Every write that came through stands in the audit log (a POST that only asks is none); what was sent does not, since it may hold secrets. */
export function registerAudit(app: FastifyInstance, deps: ServerDependencies): void {
  app.addHook('onResponse', async (request, reply) => {
    if (!mayHaveWritten(request) || reply.statusCode >= 400) return;
    const { pool } = deps.servicesFor('all');
    const entry = {
      actor: request.principal?.actor ?? 'nobody',
      action: `${request.method} ${request.routeOptions.url ?? ''}`,
      subject: request.url.split('?')[0]!,
      details: { request_id: request.id, status: reply.statusCode },
    };
    await addAuditEntry(pool, entry, deps.clock.now());
  });
}
