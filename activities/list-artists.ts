import { artistIdsAfter } from '../store/collections.js';
import type { ActivityDependencies } from './dependencies.js';

export interface ListArtistsInput {
  /** Null stands for every artist. */
  artistId: number | null;
  after: number;
  limit: number;
}

/** Ids of the artists to analyze, in order. */
export function createListArtists({ pool }: ActivityDependencies) {
  return function listArtists({ artistId, after, limit }: ListArtistsInput): Promise<number[]> {
    if (artistId !== null) return Promise.resolve(artistId > after ? [artistId] : []);
    return artistIdsAfter(pool, after, limit);
  };
}
