import type { z } from 'zod';
import { MalformedError } from '../errors.js';

/** The JSON value of a text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * A body as its schema has it.
 * @param body a parsed body; a string is what a client leaves of one that was no JSON
 * @throws MalformedError that names the first field in the wrong, never its value
 */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, operation: string): T {
  if (body === undefined || body === null || body === '') {
    throw new MalformedError(`${operation}: the answer has no body`);
  }
  if (typeof body !== 'object') {
    const html = typeof body === 'string' && /^\s*</.test(body);
    throw new MalformedError(`${operation}: the answer is ${html ? 'HTML' : 'no JSON'}`);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new MalformedError(
    `${operation}: unexpected answer at ${field === '' ? 'the top' : field}: ${issue?.message ?? 'invalid'}`,
  );
}
