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
