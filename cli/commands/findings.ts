/** What the analyses found: the latest results, as the last runs left them. */
import type { Command } from 'commander';
import { AnalysisResults } from '../../services/analysis-results.js';
import { correlationRows } from '../../services/correlation-rows.js';
import { requireContent } from '../../services/known-contents.js';
import { PerformanceAnalyticsManager } from '../../services/performance-analytics-manager.js';
import { ScoreService, type ExplainedScore } from '../../services/release-scores.js';
import { toListedCorrelation, type ListedCorrelation } from '../../services/result-models.js';
import { showRelease } from '../../store/releases.js';
import { analysisSettingsOf } from '../../services/analysis-settings.js';
import { dayArgument, platformArgument, wholeNumberArgument } from '../arguments.js';
import { exitCodes } from '../exit-codes.js';
import { CommandError } from '../command-error.js';
import {
  anomalyTable,
  correlationTable,
  forecastTable,
  scoreTable,
  trendTable,
  unjudgedTable,
} from '../findings-view.js';
import { artistNamed } from '../person.js';
import { withSession, type Session } from '../session.js';

interface SubjectOptions {
  release?: number;
  content?: string;
  platform?: string;
}

interface SeriesOptions extends SubjectOptions {
  metric?: string;
}

interface CorrelateOptions extends SeriesOptions {
  artist?: string;
  feature?: string;
  days?: number;
  all?: boolean;
}

const idArgument = wholeNumberArgument(1, 2_147_483_647);

export function addFindingCommands(program: Command): void {
  addAnomaliesCommand(program);
  addSeriesCommand(program, 'trends', 'where each series is heading, and what repeats and changes in it', {
    read: (results, query) => results.trends(query),
    view: trendTable,
  });
  addSeriesCommand(
    program,
    'forecast',
    'the days ahead with intervals, beside what the forecast was worth so far',
    {
      read: (results, query) => results.forecasts(query),
      view: forecastTable,
    },
  );
  addCorrelateCommand(program);
  addScoreCommand(program);
}

/** The options that say whose results. */
function ofSubjects(command: Command): Command {
  return command
    .option('--release <id>', 'of the contents of a release', idArgument)
    .option('--content <id>', 'of one content')
    .option('--platform <name>', 'youtube, spotify, …', platformArgument);
}

function queryOf({ release, content, platform, metric }: SeriesOptions): {
  releaseId: number | undefined;
  contentId: string | undefined;
  platform: string | undefined;
  metric: string | undefined;
} {
  return { releaseId: release, contentId: content, platform, metric };
}

async function resultsOf(session: Session): Promise<AnalysisResults> {
  return new AnalysisResults({ pool: await session.pool(), clock: session.clock });
}

function addAnomaliesCommand(program: Command): void {
  ofSubjects(program.command('anomalies'))
    .description('days that were unlike what was to be expected, the latest first')
    .option('--metric <name>', 'views, likes, …')
    .option('--since <day>', 'from an ISO day on; the last 90 days unless told', dayArgument)
    .option('-n, --number <count>', 'how many', wholeNumberArgument(1, 10_000), 50)
    .option('--withheld', 'the series that nothing was judged of instead, with the reason')
    .action(
      (options: SeriesOptions & { since?: string; number: number; withheld?: boolean }, self: Command) =>
        withSession(self, async (session) => {
          const results = await resultsOf(session);
          if (options.withheld === true) {
            const unjudged = await results.unjudged(queryOf(options));
            session.output.data(unjudged, () => unjudgedTable(unjudged));
            return;
          }
          const { since, number: limit } = options;
          const found = await results.anomalies({ ...queryOf(options), since, limit });
          session.output.data(found, () => anomalyTable(found));
        }),
    );
}

function addSeriesCommand<Result>(
  program: Command,
  name: string,
  description: string,
  {
    read,
    view,
  }: {
    read: (results: AnalysisResults, query: ReturnType<typeof queryOf>) => Promise<Result[]>;
    view: (found: readonly Result[]) => string;
  },
): void {
  ofSubjects(program.command(name))
    .description(description)
    .option('--metric <name>', 'views, likes, …')
    .action((options: SeriesOptions, self: Command) =>
      withSession(self, async (session) => {
        const found = await read(await resultsOf(session), queryOf(options));
        session.output.data(found, () => view(found));
      }),
    );
}

function addCorrelateCommand(program: Command): void {
  ofSubjects(program.command('correlate'))
    .description('which features of contents go with their figures: the latest family of each artist')
    .option('--artist <name>', 'of this one alone')
    .option('--feature <name>', 'such as duration_seconds')
    .option('--metric <name>', 'such as views_day_28')
    .option('--days <count>', 'over contents observed in the last so many days, computed anew', idArgument)
    .option('--all', 'also what is not significant, and what was withheld')
    .addHelpText(
      'after',
      '\nWith --release, --content, --platform or --days it is computed anew over those contents, and not stored.',
    )
    .action((options: CorrelateOptions, self: Command) =>
      withSession(self, async (session) => {
        const { feature, metric, all = false } = options;
        const found = (await correlationsOf(session, options)).filter(
          (one) =>
            (feature === undefined || one.feature === feature || one.feature.startsWith(`${feature}=`)) &&
            (metric === undefined || one.metric === metric) &&
            (all || one.significant),
        );
        session.output.data(found, () => correlationTable(found));
      }),
    );
}

async function correlationsOf(session: Session, options: CorrelateOptions): Promise<ListedCorrelation[]> {
  const { artist, release, content, platform, days } = options;
  const pool = await session.pool();
  const isChoice = [release, content, platform, days].some((told) => told !== undefined);
  if (!isChoice) {
    const artistId = artist === undefined ? null : await artistNamed(pool, artist);
    return (await resultsOf(session)).correlations(artistId);
  }
  if (artist !== undefined) {
    throw new CommandError('--artist reads what is stored; the other choices compute anew.', exitCodes.usage);
  }
  const { correlationAnalyzer } = new PerformanceAnalyticsManager(pool, {
    ...{ clock: session.clock, settings: analysisSettingsOf(session.configuration) },
  });
  const contents = await contentsOf(session, release, content);
  const platforms = platform === undefined ? undefined : [platform];
  const family = await correlationAnalyzer.explainFeatureCorrelations(contents, platforms, days);
  return correlationRows(family, { results: [], withheld: [] }).map((row) =>
    toListedCorrelation(row, { artistId: null, runId: null }),
  );
}

async function contentsOf(
  session: Session,
  release: number | undefined,
  content: string | undefined,
): Promise<string[] | undefined> {
  if (release === undefined) return content === undefined ? undefined : [content];
  const { contents } = await showRelease(await session.pool(), release);
  const keys = contents.map(({ contentKey }) => contentKey);
  return content === undefined ? keys : keys.filter((key) => key === content);
}

function addScoreCommand(program: Command): void {
  ofSubjects(program.command('score'))
    .description('releases from 0 to 10 at equal age, with what each score consists of')
    .option('--artist <name>', 'of this one alone')
    .option(
      '--weights <id>',
      'computed anew by a set of weights, and not stored; it needs --artist',
      idArgument,
    )
    .action((options: SubjectOptions & { artist?: string; weights?: number }, self: Command) =>
      withSession(self, async (session) => {
        const scores = await scoresOf(session, options);
        session.output.data(scores, () => scoreTable(scores));
      }),
    );
}

async function scoresOf(
  session: Session,
  options: SubjectOptions & { artist?: string; weights?: number },
): Promise<(ExplainedScore & { title?: string })[]> {
  const { artist, weights, content, platform = null } = options;
  const pool = await session.pool();
  const service = new ScoreService({
    ...{ pool, clock: session.clock, settings: analysisSettingsOf(session.configuration) },
  });
  if (options.release !== undefined) await showRelease(pool, options.release);
  const artistId = artist === undefined ? null : await artistNamed(pool, artist);
  const ofContent = content === undefined ? null : await requireContent(pool, content);
  if (ofContent?.releaseId === null) {
    throw new CommandError(`${ofContent.contentKey} is linked to no release.`, exitCodes.notFound);
  }
  const releaseId = options.release ?? ofContent?.releaseId ?? null;
  if (weights === undefined) return service.list({ artistId, releaseId, platform });
  if (artistId === null) throw new CommandError('--weights needs --artist.', exitCodes.usage);
  const scores = await service.recompute(artistId, weights);
  return scores.filter(
    ({ release_id: id, contributions }) =>
      (releaseId === null || id === releaseId) &&
      (platform === null || contributions.some((one) => one.platform === platform)),
  );
}
