/** Releases with a video each and its figures at four ages, as the tests of scores and benchmarks take them. */
import { pino } from 'pino';
import { defaultAnalysisSettings } from '../../../services/analysis-settings.js';
import type { AnalysisDeps } from '../../../services/analysis-step.js';
import { createAnalysisThreads } from '../../../services/analysis-threads.js';
import { scoreReleases } from '../../../services/score-releases.js';
import { addArtist } from '../../../store/artists.js';
import { addRelease, linkContent } from '../../../store/releases.js';
import { beginRun } from '../../../store/runs.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

export interface ScoredReleases {
  database: TestDatabase;
  artistId: number;
  releaseIds: number[];
  deps: AnalysisDeps;
  setNow(now: Date): void;
  /** Runs the scores step under a run of its own and returns its id. */
  score(): Promise<string>;
  close(): Promise<void>;
}

const published = Date.parse('2026-01-01T00:00:00Z');
const day = 86_400_000;

/** The n-th release, from 1 on, has 100 × n × age views and 10 × n × age likes at each age. */
export async function createScoredReleases(count: number): Promise<ScoredReleases> {
  const database = await createTestDatabase();
  const { pool } = database;
  const { id: artistId } = await addArtist(pool, 'The scored');
  const releaseIds: number[] = [];
  for (let n = 1; n <= count; n++) {
    const release = await addRelease(pool, {
      ...{ artistId, title: `Release ${n}`, state: 'approved', format: 'long', releasedOn: '2026-01-01' },
    });
    releaseIds.push(release.id);
    const { rows } = await pool.query<{ id: number }>(
      `insert into contents (content_key, platform, external_id, published_at)
       values ($1, 'youtube', $1, $2) returning id`,
      [`video-${n}`, new Date(published)],
    );
    await linkContent(pool, `video-${n}`, release.id);
    for (const age of [1, 3, 7, 28]) {
      await pool.query(
        'insert into engagement_snapshots (content_id, recorded_at, source, views, likes) values ($1, $2, 2, $3, $4)',
        [rows[0]!.id, new Date(published + age * day), 100 * n * age, 10 * n * age],
      );
    }
  }
  let now = new Date(published + 60 * day);
  let runs = 0;
  const threads = createAnalysisThreads(1);
  const deps: AnalysisDeps = {
    ...{ pool, clock: { now: () => now }, logger: pino({ level: 'silent' }), threads },
    settings: { ...defaultAnalysisSettings, benchmarkEngagementRates: { youtube: 0.04, tiktok: 0.06 } },
  };
  return {
    ...{ database, artistId, releaseIds, deps },
    setNow(moment) {
      now = moment;
    },
    async score() {
      const runId = await beginRun(pool, {
        kind: 'analyze',
        workflowId: `analyze/scores/${++runs}`,
        temporalRunId: String(runs),
        startedAt: now,
      });
      const { signal } = new AbortController();
      await scoreReleases(deps, {
        ...{ runId, scope: { kind: 'all' }, signal, onProgress: () => undefined, resumeFrom: null },
      });
      return runId;
    },
    async close() {
      await threads.close();
      await database.drop();
    },
  };
}
