/**
 * Giving sources that are little known a chance: Thompson sampling (1933). Each source's worth is drawn from its
 * posterior and the best draws are chosen, so that a source is chosen as often as it may well be the best.
 */
import { normalQuantile } from './distributions.js';
import type { RankedSource } from './stock-ranking.js';

export interface ExploredSource extends RankedSource {
  /** The worth that was drawn for it; `rank` stays that of the ranking. */
  draw: number;
}

/**
 * The ranking in the order of one draw a source. A draw depends on the seed and the source's name alone, so that
 * neither the order of the input nor another source's coming or going changes it.
 * @param seed a whole number; the same one gives the same order.
 */
export function exploreSources(ranking: readonly RankedSource[], seed: number): ExploredSource[] {
  return ranking
    .map((source) => ({
      ...source,
      draw: source.score + source.deviation * drawNormal(seed, source.source_name),
    }))
    .sort((a, b) => b.draw - a.draw || a.rank - b.rank);
}

/** A standard normal number by a name and seed: their hash through the quantile function. */
function drawNormal(seed: number, name: string): number {
  return normalQuantile((hash(`${seed}/${name}`) + 0.5) / 2 ** 32);
}

/** FNV-1a over UTF-16 units, then murmur3's finaliser, since names that differ in the last letter alone come near. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
