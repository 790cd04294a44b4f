import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays } from '../../analytics/calendar.js';
import { describeRecorded } from '../support/recorded-data.js';
import {
  countFalls,
  readMilestones,
  readVideoDays,
  readVideoRows,
  wholeSecond,
  type CountName,
} from './independent-reading.js';
import { digestOf, startRecordedPipeline, type RecordedPipeline } from './recorded-pipeline.js';

describeRecorded('the recorded videos, collected through the sandbox', (sharedData) => {
  let pipeline: RecordedPipeline;
  const rows = readVideoRows(sharedData);
  beforeAll(async () => {
    pipeline = await startRecordedPipeline(sharedData);
    const days = [...pipeline.moments.keys()].sort();
    const progress = await pipeline.backfill({ from: days[0]!, to: addDays(days.at(-1)!, 1) });
    expect(progress).toMatchObject({ planned: days.length, done: days.length, failed: 0, state: 'finished' });
  }, 300_000);
  afterAll(() => pipeline.close());

  it('has every day of every video as an independent reading of the CSV has it', async () => {
    const stored = await pipeline.database.pool.query<
      { video: string; day: string; final: boolean } & Record<`${CountName}_close` | CountName, number | null>
    >(
      `select c.external_id as video, h.day::text as day, h.final, h.views, h.likes, h.comments,
         h.views_close, h.likes_close, h.comments_close
       from content_performance_history h join contents c on c.id = h.content_id
       where c.platform = 'youtube' and h.views_close is not null`,
    );
    const told = readVideoDays(rows);
    const expected = [...told].flatMap(([video, days]) =>
      [...days].map(([day, { close, increment }]) => ({
        video,
        day,
        final: true,
        ...increment,
        views_close: close.views,
        likes_close: close.likes,
        comments_close: close.comments,
      })),
    );
    expect(byKey(stored.rows)).toEqual(byKey(expected));
  });

  it('keeps each fall of a counter as a correction, once', async () => {
    const { rows: found } = await pipeline.database.pool.query<{ metric: CountName; falls: number }>(
      `select metric, count(*)::int as falls from performance_revisions
       where kind = 'correction' and grain = 'day' group by metric`,
    );
    const falls = Object.fromEntries(found.map(({ metric, falls: count }) => [metric, count]));
    const expected = Object.entries(countFalls(rows)).filter(([, count]) => count > 0);
    expect(falls).toEqual(Object.fromEntries(expected));
  });

  it('tells the 74 silent days as one unavailability, and holds no zero for them', async () => {
    const silent = rows.filter(({ counts }) => counts === null);
    expect(silent).toHaveLength(74);
    const video = silent[0]!.videoId;
    const back = rows.find(
      ({ at, videoId, counts }) => videoId === video && counts !== null && at > silent.at(-1)!.at,
    );
    const { rows: intervals } = await pipeline.database.pool.query<{
      from_at: Date;
      to_at: Date;
      state: string;
    }>(
      `select a.from_at, a.to_at, a.state from content_availability a join contents c on c.id = a.content_id
       where c.external_id = $1`,
      [video],
    );
    expect(intervals).toEqual([
      { from_at: wholeSecond(silent[0]!.at), to_at: wholeSecond(back!.at), state: 'unavailable' },
    ]);
    const { rows: zeros } = await pipeline.database.pool.query(
      `select from engagement_snapshots s join contents c on c.id = s.content_id
       where c.external_id = $1 and (s.recorded_at between $2 and $3 or s.views = 0)`,
      [video, silent[0]!.at, silent.at(-1)!.at],
    );
    expect(zeros).toHaveLength(0);
  });

  it('reproduces the milestones by their own rule: the first snapshot at or after an age', async () => {
    for (const { videoId, publishedAt, values } of readMilestones(sharedData))
      for (const [ageDays, { views, at }] of values) {
        const { rows: first } = await pipeline.database.pool.query<{ views: number; recorded_at: Date }>(
          `select s.views, s.recorded_at from engagement_snapshots s join contents c on c.id = s.content_id
           where c.external_id = $1 and s.recorded_at >= $2 order by s.recorded_at limit 1`,
          [videoId, new Date(publishedAt.getTime() + ageDays * 86_400_000)],
        );
        expect({ videoId, ageDays, ...first[0] }).toEqual({
          videoId,
          ageDays,
          views,
          recorded_at: wholeSecond(at),
        });
      }
  });

  it('takes no correction for an anomaly', async () => {
    const { workflowId, runId } = await pipeline.starter.analyze({
      scope: { kind: 'all' },
      chain: 'touched',
      cause: 'recordings',
    });
    await pipeline.temporal.client.workflow.getHandle(workflowId, runId).result();
    const { rows: judged } = await pipeline.database.pool.query(
      `select from trend_analysis_results where analysis is not null`,
    );
    expect(judged.length).toBeGreaterThan(0);
    const { rows: mistaken } = await pipeline.database.pool.query(
      `select a.day from anomalies a join performance_revisions r
         on r.content_id = a.content_id and r.metric = a.metric and r.day = a.day and r.kind = 'correction'`,
    );
    expect(mistaken).toEqual([]);
  });
});

describeRecorded('sixty recorded days', (sharedData) => {
  it('come out the same in one backfill and day by day', async () => {
    const [atOnce, byDay] = await Promise.all([
      startRecordedPipeline(sharedData),
      startRecordedPipeline(sharedData),
    ]);
    try {
      // A stretch that holds the silence's beginning and several corrections.
      const days = [...atOnce.moments.keys()].sort().slice(70, 130);
      await atOnce.backfill({ from: days[0]!, to: addDays(days.at(-1)!, 1) });
      for (const day of days) await byDay.collectDay(day);
      const digest = await digestOf(atOnce);
      expect(await digestOf(byDay)).toBe(digest);
      // The digest tells databases apart at all.
      await byDay.database.pool.query(
        `update engagement_snapshots set likes = likes + 1
         where (content_id, recorded_at) in (select content_id, recorded_at from engagement_snapshots limit 1)`,
      );
      expect(await digestOf(byDay)).not.toBe(digest);
    } finally {
      await Promise.all([atOnce.close(), byDay.close()]);
    }
  }, 300_000);
});

function byKey<Row extends { video: string; day: string }>(
  list: readonly Row[],
): Record<string, Omit<Row, 'video' | 'day'>> {
  return Object.fromEntries(
    [...list]
      .sort((a, b) => (a.video + a.day < b.video + b.day ? -1 : 1))
      .map(({ video, day, ...rest }) => [`${video} ${day}`, rest]),
  );
}
