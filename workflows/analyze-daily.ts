import { CancellationScope, continueAsNew, setCurrentDetails } from '@temporalio/workflow';
import type { AnalysisStepName, AnalyzeDailyInput, AnalyzeDailyResult } from '../contracts/runs.js';
import { controlActivities } from './activities.js';
import { runSteps } from './analysis-steps.js';
import { closeUnfinished, openRun } from './run-ledger.js';

const steps: readonly AnalysisStepName[] = [
  'correlateFeatures',
  'generateInsights',
  'scoreReleases',
  'feedStockSources',
];

/** Some 30 events an artist: a history of this many artists stays far from the server's warning at 10,240. */
const artistsPerHistory = 100;

/** What needs an artist's contents as one family, an artist at a time. */
export async function analyzeDaily(input: AnalyzeDailyInput): Promise<AnalyzeDailyResult> {
  const runId = input.progress?.runId ?? (await openRun({ kind: 'analyze-daily' }));
  let progress = { after: 0, analyzed: 0, failedSteps: 0, ...input.progress, runId };
  let artists: number[];
  try {
    artists = await nextArtists(input.artistId, progress.after);
    for (const artistId of artists) {
      const { steps: outcomes } = await runSteps(runId, { kind: 'artist', artistId }, steps);
      const failed = outcomes.filter(({ state }) => state === 'failed').length;
      progress = {
        ...progress,
        after: artistId,
        analyzed: progress.analyzed + 1,
        failedSteps: progress.failedSteps + failed,
      };
    }
    if (artists.length < artistsPerHistory) return await finish(progress);
  } catch (error) {
    throw await CancellationScope.nonCancellable(() => closeUnfinished(runId, error));
  }
  return continueAsNew<typeof analyzeDaily>({ ...input, progress });
}

function nextArtists(artistId: number | null, after: number): Promise<number[]> {
  return controlActivities().listArtists.executeWithOptions({ summary: 'Whose contents to analyze' }, [
    { artistId, after, limit: artistsPerHistory },
  ]);
}

async function finish(progress: NonNullable<AnalyzeDailyInput['progress']>): Promise<AnalyzeDailyResult> {
  const { runId, analyzed, failedSteps } = progress;
  const warnings =
    failedSteps === 0 ? [] : [`${failedSteps} steps failed; each is told in the run's details`];
  await controlActivities().finishRun.executeWithOptions({ summary: 'Close the run in the ledger' }, [
    { runId, state: failedSteps === 0 ? 'succeeded' : 'partial', counts: null, warnings },
  ]);
  setCurrentDetails(`${analyzed} artists analyzed, ${failedSteps} steps failed.`);
  return { runId, artists: analyzed, failedSteps };
}
