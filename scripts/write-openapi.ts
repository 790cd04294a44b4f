/** Writes docs/openapi.json anew from the routes' schemas. */
import { writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { DevelopmentConfig } from '../runtime/configuration.js';
import { createPool } from '../runtime/pool.js';
import { createApp } from '../server/app.js';
import { createScopedServices } from '../server/scoped-services.js';
import { analysisSettingsOf } from '../services/analysis-settings.js';

const configuration = new DevelopmentConfig({});
const logger = pino({ level: 'silent' });
const clock = { now: (): Date => new Date() };
// Nothing is asked of it: the description comes from the schemas alone.
const pool = createPool({
  url: 'postgres://localhost/nothing',
  settings: configuration,
  logger,
  applicationName: 'tidemark openapi',
});
const app = await createApp({
  configuration,
  clock,
  logger,
  ui: { uiUrl: '', namespace: '' },
  ...createScopedServices({
    pool,
    clock,
    logger,
    settings: analysisSettingsOf(configuration),
    cacheTtlSeconds: 0,
  }),
  upkeepPool: pool,
  operations: () => Promise.reject(new Error('Nothing is started while the description is written')),
  demo: null,
});
await app.ready();
await writeFile(
  new URL('../docs/openapi.json', import.meta.url),
  `${JSON.stringify(app.swagger(), null, 2)}\n`,
);
await app.close();
await pool.end();
