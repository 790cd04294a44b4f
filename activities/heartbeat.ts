import { Context } from '@temporalio/activity';

/** Under a third of the shortest heartbeat time-out, so that two beats may be lost. */
const beatMs = 4_000;

export interface Pulse<Cursor> {
  /** The signal that the activity passes on to HTTP and Postgres. */
  signal: AbortSignal;
  /** Told with the next beats, and found by the attempt after a crash. */
  report: (cursor: Cursor) => void;
}

/**
 * Runs `work` while heartbeats go out with the latest cursor: also during a long statement or a slow answer,
 * whose own deadlines bound them.
 */
export async function withHeartbeat<Cursor, Result>(
  work: (pulse: Pulse<Cursor>, resumeFrom: Cursor | null) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  let latest = (context.info.heartbeatDetails ?? null) as Cursor | null;
  const beat = setInterval(() => {
    context.heartbeat(latest);
  }, beatMs);
  try {
    return await work(
      {
        signal: context.cancellationSignal,
        report: (cursor) => {
          latest = cursor;
          context.heartbeat(cursor);
        },
      },
      latest,
    );
  } finally {
    clearInterval(beat);
  }
}
