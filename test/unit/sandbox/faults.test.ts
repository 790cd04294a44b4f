import { describe, expect, it } from 'vitest';
import { FaultSwitches, type Fault } from '../../../sandbox/faults.js';

const hits = (fault: Fault, requests: number): string =>
  Array.from({ length: requests }, (_, i) => ({ i, switches: i === 0 ? undefined : null })).reduce<{
    switches: FaultSwitches;
    text: string;
  }>(
    ({ switches, text }) => ({
      switches,
      text: text + (switches.strike('/google/youtube/v3/videos').sending === null ? '.' : 'x'),
    }),
    { switches: switchedOn(fault), text: '' },
  ).text;

function switchedOn(...faults: Fault[]): FaultSwitches {
  const switches = new FaultSwitches();
  for (const fault of faults) switches.add(fault);
  return switches;
}

describe('fault switches', () => {
  it('match paths by pattern, every other character standing for itself', () => {
    const switches = switchedOn(
      { path: '/google/youtube/v3/videos*', kind: 'html' },
      { path: '/a.b', kind: 'empty' },
    );
    const kind = (path: string): string | undefined => switches.strike(path).sending?.kind;
    expect(kind('/google/youtube/v3/videos:batchGetStats')).toBe('html');
    expect(kind('/google/youtube/v3/channels')).toBeUndefined();
    expect(kind('/a.b')).toBe('empty');
    expect(kind('/axb')).toBeUndefined();
  });

  it('are spent after their count, and begin after what they let through', () => {
    expect(hits({ path: '*', kind: 'status', times: 2 }, 5)).toBe('xx...');
    expect(hits({ path: '*', kind: 'status', times: 2, after: 1 }, 5)).toBe('.xx..');
    expect(hits({ path: '*', kind: 'status' }, 5)).toBe('xxxxx');
  });

  it('strike at a rate that the seed decides', () => {
    const drawn = hits({ path: '*', kind: 'status', rate: 0.3, seed: 4 }, 1000);
    expect(hits({ path: '*', kind: 'status', rate: 0.3, seed: 4 }, 1000)).toBe(drawn);
    expect(hits({ path: '*', kind: 'status', rate: 0.3, seed: 5 }, 1000)).not.toBe(drawn);
    const share = drawn.replaceAll('.', '').length / 1000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it('let one way of sending break at a time, and every fault of the data', () => {
    const switches = switchedOn(
      { path: '*', kind: 'html', times: 1 },
      { path: '*', kind: 'empty', times: 1 },
      { path: '*', kind: 'looping-page' },
      { path: '*', kind: 'shifting-total' },
    );
    const first = switches.strike('/x');
    expect(first.sending?.kind).toBe('html');
    expect(first.data.map(({ kind }) => kind)).toEqual(['looping-page', 'shifting-total']);
    expect(switches.strike('/x').sending?.kind).toBe('empty');
    expect(switches.strike('/x').sending).toBeNull();
  });

  it('are listed, removed and cleared', () => {
    const switches = new FaultSwitches();
    const id = switches.add({ path: '*', kind: 'drip' });
    switches.strike('/x');
    expect(switches.list()).toMatchObject([{ id, kind: 'drip', bytesPerSecond: 10, seen: 1, hits: 1 }]);
    expect([switches.remove(id), switches.remove(id)]).toEqual([true, false]);
    switches.add({ path: '*', kind: 'drip' });
    switches.clear();
    expect(switches.list()).toEqual([]);
  });

  it('refuse what is no fault', () => {
    const switches = new FaultSwitches();
    expect(() => switches.add({ path: '', kind: 'html' })).toThrow();
    expect(() => switches.add({ path: '*', kind: 'status', status: 200 })).toThrow();
    expect(() => switches.add({ path: '*', kind: 'flood' } as unknown as Fault)).toThrow();
  });
});
