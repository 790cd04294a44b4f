/** The analyses of series that come as lines of JSON: one line in, one result out. */
import { anomalyLine, type AnomalyLineOptions } from './anomaly-line.js';
import { changePointLine } from './change-point-line.js';
import { forecastLine, type ForecastLineOptions } from './forecast-line.js';
import { idOf, parseSeriesLine, type PreparedLine, type SeriesLine } from './series-line.js';
import { trendLine, type TrendLineOptions } from './trend-line.js';

/** Reads and checks a line's fields. @throws SeriesLineError */
export type LineAnalysis = (line: SeriesLine) => PreparedLine;

export interface LineAnalysisOptions {
  forecast: ForecastLineOptions;
  trend: TrendLineOptions;
  'change-points': Readonly<Record<string, never>>;
  anomalies: AnomalyLineOptions;
}

export type LineAnalysisKind = keyof LineAnalysisOptions;

const analyses: {
  readonly [Kind in LineAnalysisKind]: (line: SeriesLine, options: LineAnalysisOptions[Kind]) => PreparedLine;
} = { forecast: forecastLine, trend: trendLine, 'change-points': changePointLine, anomalies: anomalyLine };

/** One kind of analysis with its options. */
export function lineAnalysis<Kind extends LineAnalysisKind>(
  kind: Kind,
  options: LineAnalysisOptions[Kind],
): LineAnalysis {
  return (line) => analyses[kind](line, options);
}

export interface LineAnswer {
  /** JSON without its line feed. */
  json: string;
  /** Why there is no result: a SeriesLineError where the line is wrong, any other error where the analysis failed. */
  error: Error | null;
}

export interface AnswerOptions {
  analysis: LineAnalysis;
  /** From 1; told in the answer to a line that is rejected. */
  lineNumber: number;
  /** CPU time of the process so far, in ms. */
  cpuMs: () => number;
}

/**
 * Answers one line: `{id?, …result, ms}`, ms being the CPU time of the analysis without reading and writing, or
 * `{id?, line, error}` where the line is rejected or its analysis fails.
 */
export function answerLine(text: string, { analysis, lineNumber, cpuMs }: AnswerOptions): LineAnswer {
  let id: string | number | undefined;
  try {
    const line = parseSeriesLine(text);
    id = idOf(line);
    const analyse = analysis(line);
    const started = cpuMs();
    const result = analyse();
    const ms = cpuMs() - started;
    return { json: JSON.stringify({ id, ...result, ms }), error: null };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { json: JSON.stringify({ id, line: lineNumber, error: error.message }), error };
  }
}
