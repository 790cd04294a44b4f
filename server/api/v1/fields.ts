/** Fields of the requests of `/api/v1`. What stands in an address comes as text and is read here. */
import { z } from 'zod';
import { wholeInQuery } from '../cursor.js';
import { longIdOr } from '../../long-id.js';

/** A row's number, as artists, releases, keys and plans have it. */
export function idField() {
  return wholeInQuery(1, 2_147_483_647);
}

/** A row's number where there may be more than a JSON number holds; told and taken as text. */
export const longId = longIdOr('is a whole number from 1 on');

/** An instant with its offset, as a Date. */
export const instantField = z.iso.datetime({ offset: true }).describe('RFC 3339, with an offset or Z.');

/** An ISO day that Postgres holds too: there is no year 0. */
export const dayField = z.iso
  .date()
  .refine((day) => !day.startsWith('0000'), 'is a day of the year 1 or later');

export const pathId = z.strictObject({ id: idField() });
export const pathLongId = z.strictObject({ id: longId });

/** An instant that was told, or null. */
export function dateOf(told: string | undefined): Date | null {
  return told === undefined ? null : new Date(told);
}

/** Several words in one query field, set apart by commas; each once. */
export function wordsInQuery<Word extends z.ZodType>(word: Word, most: number) {
  return z.preprocess(
    (told) => (typeof told === 'string' ? [...new Set(told.split(',').map((text) => text.trim()))] : told),
    z.array(word).min(1).max(most),
  );
}

export const nameField = z.string().min(1).max(200).regex(/\S/, 'has a character that is no space');
export const noteField = z.string().min(1).max(2_000).regex(/\S/, 'has a character that is no space');
