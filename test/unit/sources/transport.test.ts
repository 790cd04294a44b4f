import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { BaseAddress } from '../../../sources/base-address.js';
import { mapBounded } from '../../../sources/bounded.js';
import { QuotaError, TransientError, UnsupportedError } from '../../../sources/errors.js';
import type { SourceContext } from '../../../sources/source.js';
import { AccessTokens } from '../../../sources/transport/access-token.js';
import { withDeadline } from '../../../sources/transport/deadline.js';
import { responseInstant } from '../../../sources/transport/response-clock.js';

const now = new Date('2026-01-15T20:00:00.123Z');
const clock = { now: () => now };

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function contextOf(signal = new AbortController().signal, warnings: string[] = []): SourceContext {
  return {
    quota: { reserve: () => Promise.resolve(), exhausted: () => Promise.resolve() },
    signal,
    clock,
    deadlineMs: 1_000,
    onWarning: (warning) => warnings.push(warning),
  };
}

describe('withDeadline', () => {
  const never = () => new Promise<never>(() => undefined);

  it('ends what hangs, even where nothing listens to the signal', async () => {
    const call = withDeadline(new AbortController().signal, 20, 'ask', never);
    await expect(call).rejects.toThrow(TransientError);
    await expect(call).rejects.toThrow('ask: no complete answer within 20 ms');
  });

  it("gives the caller's own reason when the caller aborts", async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const call = withDeadline(controller.signal, 10_000, 'ask', never);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(withDeadline(controller.signal, 10_000, 'ask', never)).rejects.toBe(reason);
  });

  it('leaves no listener and no timer behind', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    await expect(withDeadline(signal, 10_000, 'ask', () => Promise.resolve(7))).resolves.toBe(7);
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
  });

  it('passes other failures on as they are', async () => {
    const error = new Error('else');
    const call = withDeadline(new AbortController().signal, 1_000, 'ask', () => Promise.reject(error));
    await expect(call).rejects.toBe(error);
  });
});

describe('mapBounded', () => {
  it('keeps the order and the bound', async () => {
    let running = 0;
    let most = 0;
    const ask = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      await delay(item % 3);
      running -= 1;
      return item * 2;
    };
    const items = Array.from({ length: 20 }, (_, index) => index);
    const answers = await collected(mapBounded(items, 4, contextOf(), ask));
    expect(answers).toEqual(items.map((item) => item * 2));
    expect(most).toBe(4);
  });

  it('begins nothing after the first failure, aborts the rest, and tells that failure', async () => {
    const begun: number[] = [];
    const quota = new QuotaError('empty', 'data', now);
    const ask = async (item: number, context: SourceContext) => {
      begun.push(item);
      if (item === 2) throw quota;
      await delay(10_000, undefined, { signal: context.signal });
      return item;
    };
    const all = collected(mapBounded([0, 1, 2, 3, 4, 5], 3, contextOf(), ask));
    await expect(all).rejects.toBe(quota);
    expect(begun).toEqual([0, 1, 2]);
  });

  it('aborts what is under way when the reader stops early', async () => {
    const aborted: number[] = [];
    const ask = (item: number, context: SourceContext) => {
      if (item === 0) return Promise.resolve(item);
      return new Promise<number>((_, reject) => {
        context.signal.addEventListener('abort', () => {
          aborted.push(item);
          reject(new Error('aborted'));
        });
      });
    };
    for await (const answer of mapBounded([0, 1, 2, 3], 3, contextOf(), ask)) {
      expect(answer).toBe(0);
      break;
    }
    expect(aborted).toEqual([1, 2]);
  });
});

describe('AccessTokens', () => {
  it('asks once for many, keeps the token, and renews one that was refused', async () => {
    let grants = 0;
    const grant = async () => {
      await delay(1);
      grants += 1;
      return { value: `t${grants}`, expiresInSeconds: 3_600 };
    };
    const tokens = new AccessTokens();
    expect(await Promise.all([tokens.get(grant), tokens.get(grant), tokens.get(grant)])).toEqual([
      't1',
      't1',
      't1',
    ]);
    expect(await tokens.get(grant)).toBe('t1');
    tokens.invalidate('t1');
    expect(await tokens.get(grant)).toBe('t2');
    tokens.invalidate('t1');
    expect(await tokens.get(grant)).toBe('t2');
    expect(grants).toBe(2);
  });

  it('renews before the end, and does not remember a failure', async () => {
    const tokens = new AccessTokens();
    await expect(tokens.get(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await tokens.get(() => Promise.resolve({ value: 'short', expiresInSeconds: 0.002 }))).toBe(
      'short',
    );
    await delay(5);
    expect(await tokens.get(() => Promise.resolve({ value: 'next', expiresInSeconds: 60 }))).toBe('next');
  });
});

describe('BaseAddress', () => {
  it('fills the moment in, with all its digits, and now where none is asked for', () => {
    const address = new BaseAddress('http://127.0.0.1:9/at/{at}/google/');
    expect(address.takesMoment).toBe(true);
    expect(address.resolve('2026-01-05T17:25:31.123456Z', clock)).toBe(
      'http://127.0.0.1:9/at/2026-01-05T17:25:31.123456Z/google',
    );
    expect(address.resolve(new Date(0), clock)).toBe('http://127.0.0.1:9/at/1970-01-01T00:00:00.000Z/google');
    expect(address.resolve(null, clock)).toBe('http://127.0.0.1:9/at/2026-01-15T20:00:00.123Z/google');
    expect(() => address.resolve('yesterday', clock)).toThrow(RangeError);
    expect(() => address.resolve('2026-01-05T17:25:31Z/../..', clock)).toThrow(RangeError);
  });

  it('answers for the present alone without a place for the moment', () => {
    const address = new BaseAddress('https://api.example.org/v1');
    expect(address.takesMoment).toBe(false);
    expect(address.resolve(null, clock)).toBe('https://api.example.org/v1');
    expect(() => address.resolve(now, clock)).toThrow(UnsupportedError);
  });

  it.each(['', 'api.example.org', 'ftp://example.org', '/v1'])('refuses %j', (text) => {
    expect(() => new BaseAddress(text)).toThrow(RangeError);
  });
});

describe('responseInstant', () => {
  const dayLater = new Date(now.getTime() + 86_400_000).toUTCString();

  it("is the answer's own date, with one warning where the worker's clock is far off", () => {
    const warnings: string[] = [];
    const context = contextOf(undefined, warnings);
    expect(responseInstant(dayLater, false, null, context)).toEqual(new Date(dayLater));
    expect(responseInstant(dayLater, false, null, context)).toEqual(new Date(dayLater));
    expect(warnings).toEqual([expect.stringMatching(/clock is far.*skewHours 24/)]);
  });

  it('does not compare where a moment was asked for, nor warn of a small difference', () => {
    const warnings: string[] = [];
    responseInstant(dayLater, true, new Date(dayLater), contextOf(undefined, warnings));
    responseInstant(
      new Date(now.getTime() + 11 * 3_600_000).toUTCString(),
      false,
      null,
      contextOf(undefined, warnings),
    );
    expect(warnings).toEqual([]);
  });

  it.each([null, undefined, '', 'once'])('stands in for the date %j, and says so', (date) => {
    const warnings: string[] = [];
    expect(responseInstant(date, false, null, contextOf(undefined, warnings))).toEqual(now);
    expect(responseInstant(date, true, '2026-01-01T00:00:00Z', contextOf())).toEqual(new Date('2026-01-01'));
    expect(warnings).toHaveLength(1);
  });
});
