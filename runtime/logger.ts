/** The program's log: pino, a level a component, to the stream and, when told, to a file. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, multistream, pino, type DestinationStream, type Logger } from 'pino';
import { redactText, sanitiseValue } from './sanitise.js';
import type { Settings } from './settings.js';

export type LogSettings = Pick<Settings, 'LOG_LEVEL' | 'LOG_LEVELS' | 'LOG_FILE'>;

export interface Log {
  /** Of the program as a whole. */
  root: Logger;
  /** The logger of a component, at the level that LOG_LEVELS gives it. */
  component(name: string): Logger;
  /** Writes out what the file's stream still holds (after a disk was full); call it before the process ends. */
  flush(): void;
}

/**
 * Creates the log. Every field, error and finished line is sanitised on its way out: pino's own redaction
 * reaches neither messages nor fields whose place is not known beforehand.
 *
 * @param stream where lines go beside the file; standard error unless told, since data goes to standard output.
 */
export function createLog(settings: LogSettings, stream?: DestinationStream): Log {
  const main = stream ?? destination({ dest: 2, sync: true });
  const file = settings.LOG_FILE === null ? null : openFile(settings.LOG_FILE);
  // The loggers decide about levels; a stream of its own level would drop what a component is asked to tell.
  const streams = [main, ...(file === null ? [] : [file])].map((target) => ({
    level: 'trace' as const,
    stream: target,
  }));
  const root = pino(
    {
      level: settings.LOG_LEVEL,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => sanitiseValue(fields) as Record<string, unknown>,
      },
      // The formatter above has described errors already; pino's own serialiser would read the raw one.
      serializers: { err: (described: unknown) => described },
      hooks: { streamWrite: redactText },
    },
    multistream(streams),
  );
  return {
    root,
    component: (name) =>
      root.child({ component: name }, { level: settings.LOG_LEVELS[name] ?? settings.LOG_LEVEL }),
    flush: () => file?.flushSync(),
  };
}

function openFile(path: string): ReturnType<typeof destination> {
  mkdirSync(dirname(path), { recursive: true });
  // Written at once: a process that is killed has told everything.
  return destination({ dest: path, sync: true });
}
