import { z } from 'zod';

/** A number of a row with a 64-bit id, as addresses and forms carry it; `problem` says what it is not. */
export function longIdOr(problem: string): z.ZodString {
  return z.string().regex(/^[1-9]\d{0,17}$/, problem);
}
