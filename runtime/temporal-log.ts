/** Temporal's own log, and that of workflows and activities, as lines of ours. */
import { makeTelemetryFilterString, Runtime, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Log } from './logger.js';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What the SDK tells about the run that a line belongs to, under the names that our own lines use. */
const runFields = [
  'workflowId',
  'runId',
  'workflowType',
  'activityId',
  'activityType',
  'attempt',
  'taskQueue',
] as const;

/**
 * A logger for the SDK that writes into ours, under the component that spoke: `workflow`, `activity`,
 * `worker`, or `core`; the run's ids stand in fields of their own.
 */
export function bridgeTemporalLog(log: Log): TemporalLogger {
  const components = new Map<string, Logger>();
  const componentOf = (name: string): Logger => {
    const known = components.get(name) ?? log.component(name);
    components.set(name, known);
    return known;
  };
  const write = (level: Level, message: string, meta: Record<string | symbol, unknown> = {}): void => {
    const { sdkComponent, error, ...rest } = meta;
    const target = componentOf(typeof sdkComponent === 'string' ? sdkComponent : 'worker');
    if (!target.isLevelEnabled(level)) return;
    const execution = rest['workflowExecution'] as { workflowId?: string; runId?: string } | undefined;
    const run: Record<string, unknown> = { ...execution };
    for (const name of runFields) if (rest[name] !== undefined) run[name] = rest[name];
    delete rest['workflowExecution'];
    target[level]({ ...rest, ...run, ...(error === undefined ? {} : { err: error }) }, message);
  };
  return {
    log: (level, message, meta) => write(level.toLowerCase() as Level, message, meta),
    trace: (message, meta) => write('trace', message, meta),
    debug: (message, meta) => write('debug', message, meta),
    info: (message, meta) => write('info', message, meta),
    warn: (message, meta) => write('warn', message, meta),
    error: (message, meta) => write('error', message, meta),
  };
}

/**
 * Gives the SDK our log. Once a process, before the first native connection; signals stay with the program,
 * which stops its workers itself and in order.
 */
export function installTemporalRuntime(log: Log): void {
  Runtime.install({
    logger: bridgeTemporalLog(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
}
