import { proxyActivities } from '@temporalio/workflow';

/** Does nothing; answers at once. */
export interface BareActivities {
  nothing(): Promise<{ subjects: number }>;
}

export interface BareChainInput {
  /** Activities one after another on each queue, in order. */
  steps: { taskQueue: string; count: number }[];
}

/** The shape of a chain, and nothing else. */
export async function bareChain({ steps }: BareChainInput): Promise<void> {
  for (const { taskQueue, count } of steps) {
    const { nothing } = proxyActivities<BareActivities>({ taskQueue, startToCloseTimeout: '1 minute' });
    for (let step = 0; step < count; step += 1) await nothing();
  }
}
