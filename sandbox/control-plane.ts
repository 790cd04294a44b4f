import type { FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import type { Fault, FaultSwitches } from './faults.js';
import { PlatformError } from './platform-error.js';
import type { QuotaMeter } from './quota.js';

interface ControlPlane {
  faults: FaultSwitches;
  counts: Map<string, number>;
  meter: QuotaMeter;
}

/** `/sandbox/…`: what no platform has, so that another process can switch faults and read the meters. */
export function registerControlPlane(app: FastifyInstance, { faults, counts, meter }: ControlPlane): void {
  app.get('/sandbox/health', () => ({ status: 'ok' }));
  app.get('/sandbox/faults', () => ({ faults: faults.list() }));
  app.post('/sandbox/faults', async (request, reply) => {
    try {
      const id = faults.add(request.body as Fault);
      return await reply.code(201).send({ id });
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      throw new PlatformError(400, { problems });
    }
  });
  app.delete('/sandbox/faults', async (_request, reply) => {
    faults.clear();
    return await reply.code(204).send();
  });
  app.delete('/sandbox/faults/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    if (!faults.remove(id)) throw new PlatformError(404, { problems: [`no fault ${id}`] });
    return await reply.code(204).send();
  });
  app.get('/sandbox/counts', () => ({ counts: Object.fromEntries(counts) }));
  app.delete('/sandbox/counts', async (_request, reply) => {
    counts.clear();
    return await reply.code(204).send();
  });
  app.get('/sandbox/quota', () => ({ used: meter.today() }));
}
