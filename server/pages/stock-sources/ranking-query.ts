/** The ranking that a page of stock sources shows: as of which day, with which half-life. */
import { z } from 'zod';
import { addDays, dayOf } from '../../../analytics/calendar.js';
import { given, withQuery } from '../parts/query.js';

export const rankingFields = {
  as_of: given(z.iso.date()),
  half_life: given(z.coerce.number().positive().max(36_500)),
};

export interface RankingView {
  /** ISO day. */
  asOf: string;
  halfLifeDays: number;
  /** What was told and not taken from the settings, to be carried along by links. */
  told: { as_of?: string | undefined; half_life?: number | undefined };
}

export function rankingView(
  told: RankingView['told'],
  { now, halfLifeDays }: { now: Date; halfLifeDays: number },
): RankingView {
  return {
    asOf: told.as_of ?? dayOf(now, 'UTC'),
    halfLifeDays: told.half_life ?? halfLifeDays,
    told: { as_of: told.as_of, half_life: told.half_life },
  };
}

/** Days that a change of rank looks back. */
export const changeDays = 30;

export function earlierDay({ asOf }: RankingView): string {
  return addDays(asOf, -changeDays);
}

export function sourcePath(name: string, { told }: RankingView): string {
  return withQuery(`/stock-sources/${encodeURIComponent(name)}`, told);
}
