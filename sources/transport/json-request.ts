import type { z } from 'zod';
import type { SourceError } from '../errors.js';
import { TransientError } from '../errors.js';
import { withDeadline } from './deadline.js';
import { parseBody, parseJson } from './response-body.js';

export interface JsonRequest<T> {
  /** What is asked, for messages: `Spotify tracks`. */
  operation: string;
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  form?: Record<string, string>;
  schema: z.ZodType<T>;
  /** The error that an answer outside 2xx means; `body` is undefined where it was no JSON. */
  refusal: (status: number, headers: Headers, body: unknown) => SourceError;
  signal: AbortSignal;
  deadlineMs: number;
}

export interface JsonAnswer<T> {
  body: T;
  headers: Headers;
}

/**
 * One request and its whole answer, parsed by a schema, under one deadline.
 * @throws the refusal outside 2xx; MalformedError for a body that the schema does not take; TransientError for
 * a time-out, a reset or a body that ended early; the caller's own reason when it aborted
 */
export async function requestJson<T>(request: JsonRequest<T>): Promise<JsonAnswer<T>> {
  const { operation, url, method, headers, form, signal, deadlineMs } = request;
  const answer = await withDeadline(signal, deadlineMs, operation, async (deadline) => {
    try {
      const response = await fetch(url, {
        method,
        headers: { accept: 'application/json', ...headers },
        signal: deadline,
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      });
      return { response, text: await response.text() };
    } catch (error) {
      throw new TransientError(`${operation}: the connection failed (${connectionFault(error)})`, {
        cause: error,
      });
    }
  });
  const { response, text } = answer;
  const body = parseJson(text);
  if (!response.ok) throw request.refusal(response.status, response.headers, body);
  return { body: parseBody(request.schema, body ?? text, operation), headers: response.headers };
}

/** The system's word for a failed connection (`ECONNRESET`), looked for down the chain of causes. */
export function connectionFault(error: unknown): string {
  let fault = 'unknown';
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    fault = at.message === '' ? at.name : at.message;
  }
  return fault;
}
