/** Download of one file with progress and a limit to the whole of it. */
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Announce } from './announce.js';

export interface DownloadOptions {
  /** For connection, answer and body together. */
  timeoutMs: number;
  announce: Announce;
}

/**
 * Writes what `url` answers to `file`, announcing every tenth of it.
 *
 * @throws Error in plain words on a refusal, a time-out, or a body shorter than was promised.
 */
export async function downloadArchive(url: string, file: string, options: DownloadOptions): Promise<void> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await fetch(url, { signal: deadline, redirect: 'follow' });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`${new URL(url).host} answered ${response.status}`);
    }
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const meter = progressMeter(length, options.announce);
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
      meter.stream,
      createWriteStream(file),
      { signal: deadline },
    );
    if (Number.isFinite(length) && meter.received() !== length) {
      throw new Error(`${meter.received()} of ${length} bytes came`);
    }
  } catch (error) {
    if (deadline.aborted) {
      throw new Error(`no complete answer within ${Math.round(options.timeoutMs / 1000)} s`, {
        cause: error,
      });
    }
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new Error(`${error instanceof Error ? error.message : String(error)}${cause}`, { cause: error });
  }
}

function progressMeter(length: number, announce: Announce): { stream: Transform; received(): number } {
  let received = 0;
  let told = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      const tenth = Math.floor((received / length) * 10);
      if (tenth > told) {
        told = tenth;
        announce(`… ${tenth * 10} % of ${(length / 1e6).toFixed(0)} MB`);
      }
      done(null, chunk);
    },
  });
  return { stream, received: () => received };
}
