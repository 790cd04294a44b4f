import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalysisActivities } from '../../../activities/analysis/analysis-activities.js';
import type { AnalysisActivity, AnalysisActivityInput } from '../../../activities/analysis/run-step.js';
import type { AnalysisScope, AnalysisStepName, AnalysisStepResult } from '../../../contracts/runs.js';
import type { AnalysisProgress } from '../../../services/analysis-step.js';
import { analyseGeneratedHistory, type AnalysedHistory } from './analysed-history.js';

let history: AnalysedHistory;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
});
afterAll(() => history.close());

const everything: AnalysisScope = { kind: 'all' };

describe('the analysis activities', () => {
  it('are one a step of the chain, and answer in a few bytes', async () => {
    const activities = createAnalysisActivities(history.deps);
    const names = Object.keys(activities) as AnalysisStepName[];
    expect(names.sort()).toEqual([...history.results.keys()].sort());
    for (const name of names) {
      const environment = new MockActivityEnvironment();
      const result = await environment.run(activities[name], {
        runId: history.runId,
        scope: everything,
      });
      expect(result).toMatchObject({ step: name, state: 'succeeded' });
      expect(JSON.stringify(result).length).toBeLessThan(500);
    }
  });

  it('heartbeat their cursor and resume after it', async () => {
    const deps = { ...history.deps, settings: { ...history.deps.settings, batchSize: 12 } };
    const { forecastTrends } = createAnalysisActivities(deps);
    const runId = await history.newRun();
    const first = new MockActivityEnvironment();
    const beats: AnalysisProgress[] = [];
    first.on('heartbeat', (details: AnalysisProgress) => {
      beats.push(details);
      if (beats.length === 2) first.cancel('WORKER_SHUTDOWN');
    });
    await expect(first.run(forecastTrends, { runId, scope: everything })).rejects.toThrow('WORKER_SHUTDOWN');
    const cursor = beats.at(-1)!;
    const second = new MockActivityEnvironment({ heartbeatDetails: cursor });
    const later: AnalysisProgress[] = [];
    second.on('heartbeat', (details: AnalysisProgress) => later.push(details));
    const input = { runId, scope: everything };
    const result = await second.run<[AnalysisActivityInput], AnalysisStepResult, AnalysisActivity>(
      forecastTrends,
      input,
    );
    expect(later.every((progress) => progress.cursor > cursor.cursor)).toBe(true);
    expect(result.subjects).toBe(history.results.get('forecastTrends')!.subjects);
    const stored = await history.rows<{ n: number }>(
      'select count(*)::int as n from trend_analysis_results where run_id = $1::bigint',
      [runId],
    );
    expect(stored).toEqual([{ n: result.subjects }]);
  });
});
