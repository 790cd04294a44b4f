/** The loop of `analyse`: a line in, its answer out, the next one only when the reader has room. */
import type { Readable, Writable } from 'node:stream';
import { answerLine, type LineAnalysis, type LineAnswer } from '../services/series-lines/series-lines.js';
import { SeriesLineError } from '../services/series-lines/series-line.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { linesOf, writeLine, type NumberedLine } from './json-lines.js';
import type { Output } from './output.js';

export interface AnalyseLinesInput {
  input: Readable;
  stdout: Writable;
  /** Where rejected lines are told. */
  output: Output;
  analysis: LineAnalysis;
}

/** @returns ok, or rejectedRows where at least one line was. */
export async function analyseLines(given: AnalyseLinesInput): Promise<ExitCode> {
  let rejected = 0;
  for await (const line of linesOf(given.input)) {
    const answer = answerOf(line, given.analysis);
    if (answer.rejected !== null) {
      rejected++;
      given.output.error(`Line ${line.number}: ${answer.rejected.message}`, answer.rejected.mend);
    }
    await writeLine(given.stdout, answer.json);
  }
  return rejected > 0 ? exitCodes.rejectedRows : exitCodes.ok;
}

function answerOf({ number, text }: NumberedLine, analysis: LineAnalysis): LineAnswer {
  if (text !== null) return answerLine(text, { analysis, lineNumber: number, cpuMs });
  const rejected = new SeriesLineError(
    null,
    'The line is too long to be held',
    'Give at most 64 MiB a series.',
  );
  return { json: JSON.stringify({ line: number, error: rejected.message }), rejected };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
