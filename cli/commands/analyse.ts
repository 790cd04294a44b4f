/** Series as lines of JSON to results as lines of JSON: neither a database nor a server is asked. */
import { InvalidArgumentError, type Command } from 'commander';
import type { AnomalyMode } from '../../analytics/anomalies.js';
import type { LineAnalysisKind, LineAnalysisOptions } from '../../services/series-lines/series-lines.js';
import { numberArgument, wholeNumberArgument } from '../arguments.js';
import { Output } from '../output.js';
import type { Settle } from './settle.js';

const modes: readonly AnomalyMode[] = ['seasonal', 'zscore', 'robust'];
const pointsArgument = wholeNumberArgument(1, 100_000);

export function addAnalyseCommands(program: Command, settle: Settle): void {
  const analyse = program
    .command('analyse')
    .description('series as JSON lines on standard input to results as JSON lines, one a series')
    .addHelpText(
      'after',
      [
        '',
        'A line is one JSON object; null in its values is a gap. An id is echoed, a time without a zone is UTC.',
        'A line that is wrong is answered with {"id", "line", "error"} and told on standard error; the others',
        'go on, and the exit code is 4. "ms" is the CPU time of the analysis alone.',
      ].join('\n'),
    );
  const run = async <Kind extends LineAnalysisKind>(
    self: Command,
    kind: Kind,
    options: LineAnalysisOptions[Kind],
  ): Promise<void> => {
    const { quiet = false } = self.optsWithGlobals<{ quiet?: boolean }>();
    const output = new Output({ json: true, quiet });
    // The analyses are loaded when they are asked for: the other commands start without them.
    const [{ analyseLines }, { lineAnalysis }] = await Promise.all([
      import('../analyse-lines.js'),
      import('../../services/series-lines/series-lines.js'),
    ]);
    const analysis = lineAnalysis(kind, options);
    settle(await analyseLines({ input: process.stdin, stdout: process.stdout, output, analysis }));
  };

  analyse
    .command('forecast')
    .description('{"id", "train": […], "period", "h"} → mean, 80 and 95 % intervals, backtest')
    .option('--period <points>', 'points a season, whatever the line says; 1 for none told', pointsArgument)
    .option('--horizon <points>', 'points to forecast, whatever the line says', pointsArgument)
    .option('--allow-negative', 'forecasts may fall below zero although no value does')
    .action((options: LineAnalysisOptions['forecast'], self: Command) => run(self, 'forecast', options));
  analyse
    .command('trend')
    .description('{"id", "values": […], "t" or "start", "period"} → direction, slope, growth, seasonality')
    .option('--period <points>', 'points a season, whatever the line says', pointsArgument)
    .action((options: LineAnalysisOptions['trend'], self: Command) => run(self, 'trend', options));
  analyse
    .command('change-points')
    .description('{"id", "values": […]} → cps, the first index of each new segment')
    .addHelpText(
      'after',
      '\nSeveral dimensions: "values": [[…], …], an array a point or an array a dimension, and "dims".',
    )
    .action((_: unknown, self: Command) => run(self, 'change-points', {}));
  analyse
    .command('anomalies')
    .description('{"id", "t": […], "values": […]} → scores of 0 to 1 a point, flags, anomalies')
    .option('--mode <mode>', modes.join(', '), modeArgument)
    .option('--threshold <score>', 'size of score from which a point is an anomaly', numberArgument)
    .action((options: LineAnalysisOptions['anomalies'], self: Command) => run(self, 'anomalies', options));
}

function modeArgument(text: string): AnomalyMode {
  const mode = modes.find((known) => known === text);
  if (mode === undefined) throw new InvalidArgumentError(`“${text}” is no mode; one of ${modes.join(', ')}.`);
  return mode;
}
