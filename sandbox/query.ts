import type { FastifyRequest } from 'fastify';

function values(request: FastifyRequest, name: string): string[] {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** A query parameter given once; the last one wins, null when it is absent. */
export function textParameter(request: FastifyRequest, name: string): string | null {
  return values(request, name).at(-1) ?? null;
}

/** A list: repeated parameters, comma-separated values, or both. Empty when absent. */
export function listParameter(request: FastifyRequest, name: string): string[] {
  return values(request, name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** A whole number; null when absent, NaN when it is none. */
export function numberParameter(request: FastifyRequest, name: string): number | null {
  const text = textParameter(request, name);
  if (text === null) return null;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
