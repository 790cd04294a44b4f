import type { PlanWindow } from '../contracts/runs.js';
import { takePlanWindows, type TakeWindowsInput } from '../services/take-plan-windows.js';
import type { ActivityDependencies } from './dependencies.js';

/** The next open days of a plan, grouped into windows of consecutive ones. */
export function createTakeWindows({ pool }: ActivityDependencies) {
  return function takeWindows(input: TakeWindowsInput): Promise<PlanWindow[]> {
    return takePlanWindows(pool, input);
  };
}
