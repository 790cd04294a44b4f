/** The loop of `analyse`: a line in, its answer out, the next one only when the reader has room. */
import type { Readable, Writable } from 'node:stream';
import { answerLine, type LineAnalysis, type LineAnswer } from '../services/series-lines/series-lines.js';
import { SeriesLineError } from '../services/series-lines/series-line.js';
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

/**
 * Answers every line, whatever becomes of the others.
 * @returns ok, rejectedRows where a line was wrong, failure where an analysis failed.
 */
export async function analyseLines(given: AnalyseLinesInput): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  for await (const line of linesOf(given.input)) {
    const { json, error } = answerOf(line, given.analysis);
    if (error !== null) {
      const isRejected = error instanceof SeriesLineError;
      exitCode = gravest([exitCode, isRejected ? exitCodes.rejectedRows : exitCodes.failure]);
      given.output.error(`Line ${line.number}: ${error.message}`, isRejected ? error.mend : undefined);
    }
    await writeLine(given.stdout, json);
  }
  return exitCode;
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
