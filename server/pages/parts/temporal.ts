/** What only Temporal knows, for a page that goes on without it. */
import type { FastifyRequest } from 'fastify';
import { principalOfRequest } from '../../access/authentication.js';
import type { Operations, ServerDependencies } from '../../dependencies.js';
import { tellProblem } from '../../problems.js';

export type FromTemporal<Value> = { value: Value; away: null } | { value: null; away: string };

/** A page waits no longer for it. */
const patienceMs = 2_000;

/** Asks Temporal; what keeps it from answering is told in words and no failure of the page. */
export async function askTemporal<Value>(
  request: FastifyRequest,
  deps: ServerDependencies,
  work: (operations: Operations) => Promise<Value>,
): Promise<FromTemporal<Value>> {
  const { artists } = principalOfRequest(request);
  const asked = (async () => {
    const operations = await deps.operations(artists);
    return operations.client.withDeadline(Date.now() + patienceMs, () => work(operations));
  })();
  const late = new Late();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late), patienceMs);
  });
  try {
    return { value: await Promise.race([asked, patience]), away: null };
  } catch (error) {
    if (error === late) {
      // Whatever comes of it, the next page asks again.
      asked.catch(() => undefined);
      return { value: null, away: 'Temporal does not answer.' };
    }
    const { status, detail } = tellProblem(error);
    if (status !== 503) throw error;
    return { value: null, away: detail };
  } finally {
    clearTimeout(timer);
  }
}

class Late extends Error {
  override readonly name = 'Late';
}
