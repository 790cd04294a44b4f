/** The site of the site bench, in a process of its own: whoever makes the load takes nothing of its time. */
import pg from 'pg';
import { pino } from 'pino';
import { DevelopmentConfig } from '../runtime/configuration.js';
import { UnreachableError } from '../runtime/errors.js';
import { createApp } from '../server/app.js';
import type { ServerDependencies } from '../server/dependencies.js';
import { createScopedServices } from '../server/scoped-services.js';
import { analysisSettingsOf } from '../services/analysis-settings.js';

export interface ServedSite {
  databaseUrl: string;
  /** RFC 3339; what the site's clock says. */
  now: string;
}

// An orphan serves nobody.
process.once('disconnect', () => process.exit(0));
process.once('message', ({ databaseUrl, now }: ServedSite) => {
  void serve(databaseUrl, new Date(now)).then((url) => process.send?.({ url }));
});

async function serve(connectionString: string, now: Date): Promise<string> {
  const pool = new pg.Pool({ connectionString, max: 10 });
  // A connection that breaks while it is idle is told by the next statement.
  pool.on('error', () => undefined);
  const app = await createApp(dependencies(pool, now));
  return app.listen({ host: '127.0.0.1', port: 0 });
}

function dependencies(pool: pg.Pool, now: Date): ServerDependencies {
  const configuration = new DevelopmentConfig({ HTTP_RATE_LIMIT_PER_MINUTE: '0' });
  const clock = { now: (): Date => now };
  const logger = pino({ level: 'silent' });
  return {
    configuration,
    clock,
    logger,
    ui: { uiUrl: 'http://localhost:8233', namespace: 'default' },
    ...createScopedServices({
      pool,
      clock,
      logger,
      settings: analysisSettingsOf(configuration),
      cacheTtlSeconds: configuration.CACHE_TTL_SECONDS,
    }),
    // Nothing is loaded through the site here.
    upkeepPool: pool,
    operations: () =>
      Promise.reject(new UnreachableError('Temporal', 'nowhere', 'none runs in this bench', 'Start one.')),
    demo: null,
  };
}
