import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecordedWorld } from '../../../sandbox/recorded-world.js';
import { startSandbox } from '../../../sandbox/server.js';
import { describeRecorded } from '../../support/recorded-data.js';

describeRecorded('the recorded world', (sharedData) => {
  /** Read anew and by other means: no title holds a quote, and the columns asked for come first and last. */
  const lines = readFileSync(join(sharedData, 'youtube', 'video-daily', 'daily_stats.csv'), 'utf8')
    .trimEnd()
    .split(/\r?\n/)
    .slice(1);
  const rows = lines.map((line) => {
    const [, at = '', id = ''] = line.split(',');
    const [views, likes, comments] = (/,(\d*),(\d*),(\d*),[^,]*$/.exec(line) ?? ['', '', '', '']).slice(1);
    return { at, id, views, likes, comments };
  });

  it('answers every recorded row at its moment, and leaves out what was silent', async () => {
    const world = await readRecordedWorld(sharedData);
    let silent = 0;
    for (const { at, id, views, likes, comments } of rows) {
      const video = world.youtube.video(id, new Date(at));
      if (views === '') {
        silent += 1;
        expect(video).toBeNull();
      } else {
        expect(video?.statistics).toEqual({
          views: Number(views),
          likes: Number(likes),
          comments: Number(comments),
        });
      }
    }
    expect(silent).toBe(74);
    expect(world.moments.length).toBe(new Set(rows.map(({ at }) => at)).size);
    expect(world.moments.flatMap(({ videoIds }) => videoIds)).toHaveLength(rows.length);
    expect(world.videos.filter(({ trackedUntil }) => trackedUntil === null)).toHaveLength(5);
    expect(world.videos).toHaveLength(7);
  });

  it('over HTTP, at microseconds, with the response dated by the moment', async () => {
    const world = await readRecordedWorld(sharedData);
    const sandbox = await startSandbox({
      world,
      clock: () => new Date('2026-08-23T12:00:00Z'),
      quotaUnitsPerDay: Number.POSITIVE_INFINITY,
    });
    try {
      for (const { at, videoIds } of [world.moments[40]!, world.moments.at(-1)!]) {
        const response = await fetch(
          `${sandbox.url}/at/${at}/google/youtube/v3/videos:batchGetStats?part=statistics&id=${videoIds.join()}&key=sandbox-api-key`,
        );
        const { items } = (await response.json()) as {
          items: { id: string; statistics: { viewCount: string } }[];
        };
        expect(Date.parse(response.headers.get('date') ?? '')).toBe(Math.floor(Date.parse(at) / 1000) * 1000);
        expect(items.map(({ id, statistics }) => [id, statistics.viewCount])).toEqual(
          rows.filter((row) => row.at === at && row.views !== '').map(({ id, views }) => [id, views]),
        );
      }
    } finally {
      await sandbox.close();
    }
  });

  it('knows the tracks and albums of the files, and no others', async () => {
    const { spotify } = await readRecordedWorld(sharedData);
    const count = (file: string): number =>
      readFileSync(join(sharedData, 'spotify', 'daily-streams', file), 'utf8')
        .trimEnd()
        .split('\n').length - 1;
    expect([spotify.tracks.size, spotify.albums.size]).toEqual([
      count('Tracks_info.csv'),
      count('Album_info.csv'),
    ]);
    expect(spotify.track('1tuNqJOtRQVHvONR8Lg3MZ')).toMatchObject({
      name: 'The Alchemy',
      albumId: '5H7ixXZfsNMGbIE5OBSpcb',
      isrc: null,
    });
    expect(spotify.track('0000000000000000000000')).toBeNull();
  });
});
