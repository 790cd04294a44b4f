import type { SourceContext } from './source.js';

/**
 * Asks for every item, at most `limit` at a time, and yields the answers in the order of the items.
 *
 * The first failure, or a consumer that stops early, aborts what is still under way, and nothing new is begun:
 * once a quota is empty, no further call goes out.
 * @throws that first failure, or the reason of the context's own signal
 */
export async function* mapBounded<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  context: SourceContext,
  ask: (item: Item, context: SourceContext) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(context.signal.reason);
  if (context.signal.aborted) onAbort();
  else context.signal.addEventListener('abort', onAbort, { once: true });
  const inner: SourceContext = { ...context, signal: controller.signal };
  const pending: Promise<Result>[] = [];
  let failure: { error: unknown } | null = null as { error: unknown } | null;
  const iterator = items[Symbol.iterator]();
  const begin = () => {
    const next = iterator.next();
    if (next.done === true) return;
    const answer = ask(next.value, inner);
    // A failure stops the others at once, even while an earlier answer is still awaited.
    answer.catch((error: unknown) => {
      failure ??= { error };
      controller.abort(error);
    });
    pending.push(answer);
  };
  try {
    for (let i = 0; i < limit; i += 1) begin();
    while (pending.length > 0) {
      const answer = await pending[0]!;
      yield answer;
      void pending.shift();
      context.signal.throwIfAborted();
      begin();
    }
  } catch (error) {
    context.signal.throwIfAborted();
    // What an aborted neighbour throws is only the echo of the first failure.
    throw failure === null ? error : failure.error;
  } finally {
    controller.abort(new Error('No longer wanted'));
    context.signal.removeEventListener('abort', onAbort);
    await Promise.allSettled(pending);
  }
}

/** Consecutive slices of at most `size`. */
export function chunked<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
