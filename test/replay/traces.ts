/** What a history tells of the machine that it was recorded on, and how to take it out. */

const blanked: ReadonlySet<string> = new Set(['identity', 'stackTrace', 'binaryChecksum']);
/** Sticky queues are named after the worker's process and host. */
const sticky = /sticky/i;

/** A copy without identities, stack traces and the names of sticky queues. */
export function withoutTraces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTraces);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const isSticky = entries.some(([name, field]) => name === 'kind' && sticky.test(String(field)));
  return Object.fromEntries(
    entries.map(([name, field]) => {
      if (typeof field === 'string' && (blanked.has(name) || (isSticky && name === 'name')))
        return [name, ''];
      return [name, withoutTraces(field)];
    }),
  );
}

/** Every text in a history, payloads decoded. */
export function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (typeof value === 'object' && value !== null)
    for (const [name, field] of Object.entries(value)) {
      if (name === 'data' && typeof field === 'string') yield Buffer.from(field, 'base64').toString('utf8');
      else yield* textsOf(field);
    }
}

/** The sizes of a history's payloads, in bytes. */
export function* payloadSizes(value: unknown): Generator<number> {
  if (Array.isArray(value)) for (const item of value) yield* payloadSizes(item);
  else if (typeof value === 'object' && value !== null)
    for (const [name, field] of Object.entries(value)) {
      if (name === 'data' && typeof field === 'string') yield Buffer.byteLength(field, 'base64');
      else yield* payloadSizes(field);
    }
}
