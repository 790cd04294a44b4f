/** The whole way over the worlds that the demonstration and the recordings are collected from. */
import { expect, it, onTestFinished } from 'vitest';
import { generateWorld } from '../../../sandbox/generated-world.js';
import { readRecordedWorld } from '../../../sandbox/recorded-world.js';
import { startSandbox, type Sandbox } from '../../../sandbox/server.js';
import type { World } from '../../../sandbox/world.js';
import { describeRecorded } from '../../support/recorded-data.js';
import { called, collected, pastYoutubeOf, spotifyOf, youtubeOf } from './harness.js';

const now = new Date('2026-02-01T12:00:00Z');

async function sandboxOf(world: World): Promise<Sandbox> {
  const sandbox = await startSandbox({ world, clock: () => now, quotaUnitsPerDay: Infinity });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

it('collects the generated world: contents, counters, daily figures', async () => {
  const world = generateWorld({ seed: 1, anchorDay: '2026-02-01' });
  const sandbox = await sandboxOf(world);
  const source = youtubeOf(sandbox, { channelId: null });
  const { context, warnings } = called({ now });
  const contents = (await collected(source.listContents(context))).flat();
  const ids = contents.map(({ externalId }) => externalId);
  expect(ids.length).toBeGreaterThanOrEqual(20);
  expect(new Set(ids)).toEqual(new Set(world.youtube.uploads(world.youtube.ownChannelId, now)));
  const batches = await collected(source.fetchSnapshots(ids, null, context));
  const snapshots = batches.flatMap((batch) => batch.snapshots);
  expect(batches.flatMap(({ missing }) => missing)).toEqual([]);
  for (const { externalId, metrics } of snapshots) {
    expect(metrics['views'], externalId).toBe(world.youtube.video(externalId, now)?.statistics.views);
  }
  const rows = (
    await collected(
      source.fetchDailyRows({ from: '2026-01-01', to: '2026-02-01', externalIds: ids }, context),
    )
  ).flat();
  for (const { externalId, day, increments } of rows) {
    const number = Date.parse(`${day}T00:00:00Z`) / 86_400_000;
    expect(increments['views'], `${externalId} ${day}`).toBe(
      world.youtube.analytics(externalId, number, now)?.views,
    );
  }
  expect(rows.length).toBeGreaterThan(ids.length * 20);
  expect(warnings).toEqual([]);
});

describeRecorded('the recorded world', (sharedData) => {
  it('gives counters as of each recorded moment, silence as missing, and metadata of tracks', async () => {
    const world = await readRecordedWorld(sharedData);
    const sandbox = await sandboxOf(world);
    const source = pastYoutubeOf(sandbox);
    const { context, warnings } = called({ now });
    const silent = 'q-zxP3GqkQ4';
    let missing = 0;
    for (const moment of world.moments.slice(0, 400).filter((_, index) => index % 10 === 0)) {
      const at = moment.at;
      const [batch] = await collected(source.fetchSnapshots(moment.videoIds, at, context));
      expect(batch!.snapshots.length + batch!.missing.length).toBe(moment.videoIds.length);
      for (const { externalId, metrics } of batch!.snapshots) {
        expect(metrics).toEqual(world.youtube.video(externalId, new Date(at))?.statistics);
      }
      expect(batch!.missing.every((id) => id === silent)).toBe(true);
      missing += batch!.missing.length;
    }
    expect(missing).toBeGreaterThan(3);
    const spotify = spotifyOf(sandbox, 'development', { artistId: null });
    const known = [...world.spotify.tracks.keys()].slice(0, 20);
    const described = await collected(
      spotify.describeContents([...known, '0000000000000000000000'], context),
    );
    expect(described.flatMap(({ descriptions }) => descriptions)).toHaveLength(20);
    expect(described.flatMap((batch) => batch.missing)).toEqual(['0000000000000000000000']);
    expect(warnings).toEqual([]);
  });
});
