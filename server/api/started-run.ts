import { z } from 'zod';
import type { StartedRun } from '../../contracts/ports.js';

/** Where a run that was started is to be found; with 202. */
export const startedRunSchema = z
  .object({
    workflow_id: z.string(),
    run_id: z.string(),
    already_running: z
      .boolean()
      .describe(
        'A run of that id was under way, or had been started by the same request before, and none was started.',
      ),
    url: z.string().describe('The run in Temporal’s web UI.'),
  })
  .meta({ id: 'StartedRun' });

export function toldRun({
  workflowId,
  runId,
  alreadyRunning,
  url,
}: StartedRun): z.infer<typeof startedRunSchema> {
  return { workflow_id: workflowId, run_id: runId, already_running: alreadyRunning, url };
}
