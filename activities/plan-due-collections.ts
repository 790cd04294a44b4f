import type { CollectStatsInput } from '../contracts/runs.js';
import { dueCollections } from '../services/due-collections.js';
import type { ActivityDependencies } from './dependencies.js';

/** What is due now, by the accounts' calendars and the ledgers. */
export function createPlanDueCollections(deps: ActivityDependencies) {
  return function planDueCollections(): Promise<{ due: CollectStatsInput[]; notDue: number }> {
    return dueCollections(deps);
  };
}
