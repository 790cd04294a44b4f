/** Every activity proxy, with its queue, timeouts and retries. */
import { proxyActivities, workflowInfo, type ActivityInterfaceFor } from '@temporalio/workflow';
import type {
  AnalysisActivities,
  ControlActivities,
  FileActivities,
  MaintenanceActivities,
  PlatformActivities,
} from '../activities/index.js';
import { platformQueue, queueBeside, taskQueues } from '../contracts/task-queues.js';
import type { Platform } from '../contracts/vocabulary.js';

/** Short statements against the ledgers: their retries outlast a Postgres that is away for four minutes. */
export function controlActivities(): ActivityInterfaceFor<ControlActivities> {
  return proxyActivities<ControlActivities>({
    // Also what a crash in the middle of one costs.
    startToCloseTimeout: '20 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 12 },
  });
}

/** Statements over whole tables. */
export function maintenanceActivities(): ActivityInterfaceFor<MaintenanceActivities> {
  return proxyActivities<MaintenanceActivities>({
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '1 minute',
    retry: { initialInterval: '5 seconds', maximumInterval: '2 minutes', maximumAttempts: 6 },
  });
}

/** Fetches and loads; what was committed before a crash is not fetched again. */
export function platformActivities(platform: Platform): ActivityInterfaceFor<PlatformActivities> {
  return proxyActivities<PlatformActivities>({
    taskQueue: beside(platformQueue(platform)),
    startToCloseTimeout: '2 hours',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 8 },
  });
}

export function fileActivities(): ActivityInterfaceFor<FileActivities> {
  return proxyActivities<FileActivities>({
    taskQueue: beside(taskQueues.files),
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 8 },
  });
}

export function analysisActivities(): ActivityInterfaceFor<AnalysisActivities> {
  return proxyActivities<AnalysisActivities>({
    taskQueue: beside(taskQueues.analysis),
    startToCloseTimeout: '2 hours',
    heartbeatTimeout: '1 minute',
    retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 4 },
  });
}

function beside(queue: string): string {
  return queueBeside(workflowInfo().taskQueue, queue);
}
