import { describe, expect, it } from 'vitest';
import { generateWorld } from '../../../sandbox/generated-world.js';
import { artistExportFiles, dailyStreamFiles } from '../../../sandbox/stream-exports.js';

const world = generateWorld({ seed: 5, anchorDay: '2026-11-20' });

describe('export files', () => {
  it('come one a day, totals adding up from the daily figures', () => {
    const files = [...dailyStreamFiles(world)];
    expect(files[0]?.name).toBe(`STREAMS_${world.firstDay.replaceAll('-', '_')}.csv`);
    expect(files.at(-1)?.name).toBe('STREAMS_2026_11_20.csv');
    expect(files).toHaveLength(361);
    const totals = new Map<string, number>();
    for (const { text } of files) {
      const [header, ...lines] = text.trimEnd().split('\r\n');
      expect(header).toBe('TRACK_ID,TOTAL_STREAM,DAILY_STREAM');
      for (const line of lines) {
        const [track = '', total, daily] = line.split(',');
        expect(Number(total)).toBe((totals.get(track) ?? 0) + Number(daily));
        totals.set(track, Number(total));
      }
    }
    expect(totals.size).toBe(24);
  });

  it('come one a track as Spotify for Artists writes them', () => {
    const files = [...artistExportFiles(world, { through: '2026-03-01' })];
    const released = world.releases.filter(({ releasedOn }) => releasedOn <= '2026-03-01');
    expect(files.map(({ name }) => name)).toEqual(released.map(({ title }) => `${title}-timeline.csv`));
    const [first] = files;
    expect(first?.text.startsWith('\uFEFFdate,streams\n')).toBe(true);
    expect(first?.text.trimEnd().split('\n').at(-1)).toMatch(/^2026-03-01,\d+$/);
  });
});
