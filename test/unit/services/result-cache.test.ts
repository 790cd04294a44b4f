import { beforeEach, describe, expect, it } from 'vitest';
import { ResultCache } from '../../../services/result-cache.js';

let now = 0;
let asked = 0;
let cache: ResultCache;
const clock = { now: () => new Date(now) };
const ask = (key = 'k'): Promise<number> => cache.remember(key, () => Promise.resolve(++asked));

beforeEach(() => {
  now = 1_000;
  asked = 0;
  cache = new ResultCache(clock, 60);
});

describe('a cache of answers', () => {
  it('keeps an answer for its time to live', async () => {
    expect(await ask()).toBe(1);
    now += 59_999;
    expect(await ask()).toBe(1);
    expect(cache.stats()).toEqual({ cache_size: 1, hits: 1, misses: 1, hit_ratio: 0.5 });
    now += 1;
    expect(cache.stats().cache_size).toBe(0);
    expect(await ask()).toBe(2);
  });

  it('keeps nothing with a time to live of 0', async () => {
    cache = new ResultCache(clock, 0);
    expect([await ask(), await ask()]).toEqual([1, 2]);
    expect(cache.stats()).toMatchObject({ cache_size: 0, hits: 0, misses: 2, hit_ratio: 0 });
  });

  it('keeps no failure', async () => {
    await expect(cache.remember('k', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await ask()).toBe(1);
  });

  it('computes once for all who ask at the same time', async () => {
    expect(await Promise.all([ask(), ask(), ask('other')])).toEqual([1, 1, 2]);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 2 });
  });

  it('forgets the oldest of more than it holds', async () => {
    for (let index = 0; index <= 250; index++) await ask(`key ${index}`);
    expect(cache.stats().cache_size).toBe(250);
    expect(await ask('key 1')).toBe(2);
    expect(await ask('key 0')).toBe(252);
  });

  it('does not keep what was computed while something changed', async () => {
    let finish: (answer: string) => void = () => undefined;
    const slow = cache.remember('k', () => new Promise<string>((resolve) => (finish = resolve)));
    cache.changed();
    // Whoever asks after the change does not wait for the answer of before it.
    expect(await ask()).toBe(1);
    finish('of before');
    expect(await slow).toBe('of before');
    expect(await ask()).toBe(1);
  });

  it('computes every answer while it does not hear of changes', async () => {
    await ask();
    cache.deaf();
    expect([await ask(), await ask()]).toEqual([2, 3]);
    cache.heard();
    expect([await ask(), await ask()]).toEqual([4, 4]);
  });
});
