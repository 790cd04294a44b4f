/** The loop of `analyse`: a line in, its answer out, the next one only when the reader has room. */
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { answerLine, type LineAnalysis, type LineAnswer } from '../services/series-lines/series-lines.js';
import { SeriesLineError } from '../services/series-lines/series-line.js';
import { warmUp } from '../services/series-lines/warm-up.js';
import { exitCodes, gravest, type ExitCode } from './exit-codes.js';
import { linesOf, writeLine, type NumberedLine } from './json-lines.js';
import type { Output } from './output.js';

export interface AnalyseLinesInput {
  input: Readable;
  stdout: Writable;
  /** Where rejected lines are told. */
  output: Output;
  analysis: LineAnalysis;
}

/** What compiling takes of each analysis, and how long a second line is waited for that makes it worth while. */
const warmUpMs = 250;
const secondLineMs = 10;

/**
 * Answers every line, whatever becomes of the others. Where a second line stands ready, the analysis is compiled
 * before the first: `ms` shall tell of it, not of the process's first moments.
 * @returns ok, rejectedRows where a line was wrong, failure where an analysis failed.
 */
export async function analyseLines(given: AnalyseLinesInput): Promise<ExitCode> {
  const lines = linesOf(given.input);
  try {
    let line = await lines.next();
    let following = line.done === true ? null : lines.next();
    if (following !== null && (await isReady(following))) warmUp(given.analysis, cpuMs, warmUpMs);
    let exitCode: ExitCode = exitCodes.ok;
    while (line.done !== true) {
      exitCode = gravest([exitCode, await answerOne(line.value, given)]);
      line = await (following ?? lines.next());
      following = null;
    }
    return exitCode;
  } finally {
    // Whoever writes to us is not to wait for a reader that has gone.
    given.input.destroy();
  }
}

async function answerOne(line: NumberedLine, given: AnalyseLinesInput): Promise<ExitCode> {
  const { json, error } = answerOf(line, given.analysis);
  await writeLine(given.stdout, json);
  if (error === null) return exitCodes.ok;
  const isRejected = error instanceof SeriesLineError;
  given.output.error(`Line ${line.number}: ${error.message}`, isRejected ? error.mend : undefined);
  return isRejected ? exitCodes.rejectedRows : exitCodes.failure;
}

/** Whether there is another line within a moment; the process does not wait for one that types. */
async function isReady(following: Promise<IteratorResult<NumberedLine>>): Promise<boolean> {
  const waited = new AbortController();
  const late = pause(secondLineMs, false, { signal: waited.signal });
  const isThere = await Promise.race([following.then(({ done }) => done !== true), late]);
  late.catch(() => undefined);
  waited.abort();
  return isThere;
}

function answerOf({ number, text }: NumberedLine, analysis: LineAnalysis): LineAnswer {
  if (text !== null) return answerLine(text, { analysis, lineNumber: number, cpuMs });
  const error = new SeriesLineError(null, 'The line is too long to be held', 'Give at most 64 MiB a series.');
  return { json: JSON.stringify({ line: number, error: error.message }), error };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
