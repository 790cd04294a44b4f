/** The commands that show what the analyses found, over a year that was analysed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseGeneratedHistory, type AnalysedHistory } from '../integration/services/analysed-history.js';
import { documentOf, expectTold, tidemark, type Finished } from './command-line.js';

let history: AnalysedHistory;
let content: string;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
  content = `youtube:${history.answers.spike.externalId}`;
});
afterAll(() => history.close());

function run(...args: string[]): Promise<Finished> {
  const clock = history.deps.clock.now().toISOString();
  return tidemark(args, { DATABASE_URL: history.databaseUrl, TIDEMARK_CLOCK: clock });
}

async function told<Row>(...args: string[]): Promise<Row[]> {
  const finished = await run(...args, '--json', '--quiet');
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  return documentOf(finished) as Row[];
}

describe('findings on the command line', () => {
  it('lists anomalies by subject, and the series that were not judged', async () => {
    const { spike } = history.answers;
    const found = await told('anomalies', '--content', content, '--metric', 'views');
    expect(found).toMatchObject([{ day: spike.day, kind: 'spike', method: 'seasonal', version: '2' }]);
    expect((await run('anomalies', '--content', content)).stdout).toMatch(
      new RegExp(`^day .*\\n─.*\\n${spike.day} .*spike up`),
    );
    expect((await run('anomalies', '--platform', 'spotify')).stdout).toMatch(/^No day was unlike/);
    const unjudged = await told<{ withheld: string }>('anomalies', '--withheld');
    for (const { withheld } of unjudged) expect(withheld).toMatch(/^needs \d+ more days?$/);
  });

  it('lists trends and forecasts by content, release and platform', async () => {
    const trends = await told<{ release_id: number }>('trends', '--content', content, '--metric', 'views');
    expect(trends).toMatchObject([{ content_id: content, method: 'theil-sen', withheld: null }]);
    const release = String(trends[0]!.release_id);
    expect((await told('trends', '--release', release)).length).toBeGreaterThan(trends.length);
    const forecasts = await told(
      'forecast',
      '--release',
      release,
      '--platform',
      'youtube',
      '--metric',
      'views',
    );
    expect(forecasts).toMatchObject([{ content_id: content, backtest: { horizon: 30 }, withheld: null }]);
    expect((await run('forecast', '--content', content)).stdout).toMatch(/^content .* {2}method +to naive/);
  });

  it('lists correlations, stored or computed over a choice', async () => {
    const significant = await told<{ significant: boolean; artist_id: number | null }>('correlate');
    expect(significant.length).toBeGreaterThan(0);
    expect(significant.every((one) => one.significant && one.artist_id === history.artistId)).toBe(true);
    expect((await told('correlate', '--all')).length).toBeGreaterThan(significant.length);
    const chosen = await told<{ artist_id: null; run_id: null }>(
      ...['correlate', '--platform', 'youtube', '--days', '400', '--feature', 'duration_seconds'],
    );
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen[0]).toMatchObject({ artist_id: null, run_id: null, feature: 'duration_seconds' });
    const both = await run('correlate', '--platform', 'youtube', '--artist', history.world.artistName);
    expectTold(both, { exitCode: 2, says: /--artist reads what is stored/ });
  });

  it('lists scores, and computes them anew by a set of weights', async () => {
    const scores = await told<{ release_id: number; score: number }>('score', '--content', content);
    expect(scores).toMatchObject([{ age_days: 7 }, { age_days: 28 }]);
    const anew = await told<{ score: number }>(
      ...['score', '--content', content, '--artist', history.world.artistName, '--weights', '1'],
    );
    expect(anew.map(({ score }) => score)).toEqual(scores.map(({ score }) => score));
    expectTold(await run('score', '--weights', '1'), { exitCode: 2, says: /--weights needs --artist/ });
  });

  it('refuses what there is not', async () => {
    for (const command of ['anomalies', 'trends', 'forecast', 'correlate', 'score']) {
      const nobody = await run(command, '--content', 'nobody');
      expectTold(nobody, { exitCode: 3, says: /There is no content «nobody»/ });
    }
    expectTold(await run('score', '--platform', 'telegraph'), { exitCode: 2, says: /is no platform/ });
    expectTold(await run('trends', '--release', '99999'), { exitCode: 3, says: /Release 99999/ });
  });
});
