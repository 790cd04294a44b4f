/** After a write the writer reads what was written, before the database's own word of it arrives. */
import type { FastifyInstance } from 'fastify';
import { mayHaveWritten } from './access/safe-requests.js';
import type { ServerDependencies } from './dependencies.js';

/** Whatever is no reading may have written, also where it answers with a failure. */
export function registerOwnWrites(
  app: FastifyInstance,
  deps: Pick<ServerDependencies, 'forgetAnswers'>,
): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (mayHaveWritten(request)) deps.forgetAnswers();
    done(null, payload);
  });
}
