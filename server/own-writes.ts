/** After a write the writer reads what was written, before the database's own word of it arrives. */
import type { FastifyInstance } from 'fastify';
import type { ServerDependencies } from './dependencies.js';

/** Whatever is no reading may have written, also where it answers with a failure. */
export function registerOwnWrites(
  app: FastifyInstance,
  deps: Pick<ServerDependencies, 'forgetAnswers'>,
): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    const { method, routeOptions } = request;
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method) && routeOptions.config.scope !== 'read')
      deps.forgetAnswers();
    done(null, payload);
  });
}
