import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A golden file of test/golden/analytics, computed by the script of the same name beside it. */
export function readGolden(name: string): unknown {
  const url = new URL(`../../golden/analytics/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

/** Relative agreement; `floor` is the size below which a difference counts absolutely. */
export function expectClose(actual: number, expected: number, relative = 1e-10, floor = 1e-300): void {
  const allowed = relative * Math.max(Math.abs(expected), floor);
  if (!(Math.abs(actual - expected) <= allowed)) expect(actual).toBe(expected);
}

/** A seeded generator of uniform numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers from a uniform generator: Box and Muller. */
export function gaussian(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
