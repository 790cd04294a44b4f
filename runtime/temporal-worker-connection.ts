/** The workers' connection to Temporal; apart from the clients', which need none of the native code behind it. */
import { NativeConnection } from '@temporalio/worker';
import { sdkOptions, unreachable, type TemporalTarget } from './temporal-connection.js';

/** Connects for workers. @throws UnreachableError as `connectTemporal` does, but for the namespace. */
export async function connectTemporalWorker(target: TemporalTarget): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(sdkOptions(target));
  } catch (error) {
    throw unreachable(target, error);
  }
}
