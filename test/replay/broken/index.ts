/** `maintainData` with two of its steps the other way round: runs of before cannot follow it. */
import { controlActivities, maintenanceActivities } from '../../../workflows/activities.js';
import type { MaintainDataInput } from '../../../contracts/runs.js';

export async function maintainData(input: MaintainDataInput): Promise<number> {
  await controlActivities().beginRun({ kind: 'maintain' });
  const removed = await maintenanceActivities().thinResults(input);
  return removed + (await maintenanceActivities().applyRetention(input));
}
