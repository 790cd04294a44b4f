/** The HTTP API: its routes by subject, and its description made from their very schemas. */
import type { FastifyInstance } from 'fastify';
import type { ServerDependencies } from '../dependencies.js';
import { registerAdministration } from './administration.js';
import { registerAnalyses } from './analyses.js';
import { registerDashboard } from './dashboard.js';
import { registerEngagement } from './engagement.js';
import { registerHealth } from './health.js';
import { registerOpenApi } from './openapi.js';
import { registerRealtime } from './realtime.js';
import { registerV1 } from './v1/index.js';
import { registerWebhook } from './webhook.js';

export async function registerApi(app: FastifyInstance, deps: ServerDependencies): Promise<void> {
  await registerOpenApi(app);
  registerHealth(app, deps);
  registerEngagement(app, deps);
  registerAnalyses(app, deps);
  registerDashboard(app, deps);
  registerRealtime(app, deps);
  registerAdministration(app, deps);
  registerWebhook(app, deps);
  registerV1(app, deps);
}
