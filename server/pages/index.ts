/** The pages: server-rendered, whole without JavaScript. */
import type { FastifyInstance } from 'fastify';
import type { ServerDependencies } from '../dependencies.js';
import { registerAddData } from './add-data/index.js';
import { registerAnnotations } from './release/annotations.js';
import { registerAssets } from './assets.js';
import { registerOverview } from './overview/index.js';
import { registerExportPages } from './exports/index.js';
import { registerExperiments } from './experiments/index.js';
import { registerInsights } from './insights/index.js';
import { registerReleaseList } from './release-list.js';
import { registerRelease } from './release/index.js';
import { registerRuns } from './runs/index.js';
import { registerSignIn } from './sign-in.js';
import { registerStockSources } from './stock-sources/index.js';
import { registerTheme } from './theme.js';
import { registerTrending } from './trending.js';

export function registerPages(app: FastifyInstance, deps: ServerDependencies): void {
  registerAssets(app);
  registerTheme(app);
  registerSignIn(app, deps);
  registerOverview(app, deps);
  registerStockSources(app, deps);
  registerInsights(app, deps);
  registerExperiments(app, deps);
  registerRuns(app, deps);
  registerAnnotations(app, deps);
  registerAddData(app, deps);
  registerReleaseList(app, deps);
  registerRelease(app, deps);
  registerExportPages(app, deps);
  registerTrending(app, deps);
}
