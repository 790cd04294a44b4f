/** Composition root of the site: what its routes are made of, a port, and an orderly end. */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { createClock } from '../runtime/clock.js';
import type { AnalyticsConfig } from '../runtime/configuration.js';
import type { Log } from '../runtime/logger.js';
import { assertReachable, createPool } from '../runtime/pool.js';
import { exportDirectory } from '../runtime/export-directory.js';
import { ConfigurationError } from '../runtime/read-settings.js';
import { connectTemporal, temporalTarget, type TemporalClient } from '../runtime/temporal-connection.js';
import { listenForChanges, type ChangeListener } from '../store/change-listener.js';
import { createRunStarter } from '../operations/run-starter.js';
import { analysisSettingsOf } from '../services/analysis-settings.js';
import { createSourceFor } from '../sources/configured-sources.js';
import { isLoopbackName } from './access/authentication.js';
import { createApp } from './app.js';
import type { ServerDependencies } from './dependencies.js';
import { createScopedServices } from './scoped-services.js';

export interface RunningServer {
  /** Where the overview is. */
  url: string;
  app: FastifyInstance;
  stop(): Promise<void>;
}

export interface ServerOptions {
  configuration: AnalyticsConfig;
  log: Log;
  databaseUrl: string;
  demo: ServerDependencies['demo'];
}

const upkeepConnections = 2;

/** @throws ConfigurationError for an address that needs authentication and has none; UnreachableError */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { configuration, log } = options;
  const { HTTP_HOST: host, HTTP_PORT: port } = configuration;
  if (configuration.HTTP_AUTH === 'none' && !isLoopbackName(host))
    throw new ConfigurationError([
      {
        name: 'HTTP_AUTH',
        origin: 'default',
        problem: `the site would listen on ${host}, which others can reach, and ask nobody for a key`,
        mend: 'Set HTTP_AUTH=keys and create a key with “tidemark key create”, or set HTTP_HOST=127.0.0.1.',
      },
    ]);
  const url = configuration.DATABASE_APP_URL?.reveal() ?? options.databaseUrl;
  const pool: Pool = createPool({
    url,
    settings: configuration,
    logger: log.component('database'),
    applicationName: 'tidemark site',
  });
  const upkeepPool: Pool = createPool({
    url: options.databaseUrl,
    settings: {
      DB_POOL_SIZE: upkeepConnections,
      DB_STATEMENT_TIMEOUT_SECONDS: configuration.DB_STATEMENT_TIMEOUT_SECONDS,
      SLOW_QUERY_SECONDS: configuration.SLOW_QUERY_SECONDS,
    },
    logger: log.component('database'),
    applicationName: 'tidemark site upkeep',
  });
  let temporal: Promise<TemporalClient> | null = null;
  let app: FastifyInstance | null = null;
  let changes: ChangeListener | null = null;
  const stop = async (): Promise<void> => {
    await app?.close();
    await (await temporal?.catch(() => null))?.close();
    await changes?.close();
    await Promise.all([pool.end(), upkeepPool.end()]);
  };
  try {
    await assertReachable(pool, url);
    const clock = createClock(configuration.TIDEMARK_CLOCK);
    const ui = {
      uiUrl: configuration.TEMPORAL_UI_URL ?? 'http://localhost:8233',
      namespace: configuration.TEMPORAL_NAMESPACE,
    };
    changes = listenForChanges({ databaseUrl: url, logger: log.component('database') });
    const { servicesFor, forgetAnswers } = createScopedServices({
      pool,
      clock,
      logger: log.component('services'),
      settings: analysisSettingsOf(configuration),
      cacheTtlSeconds: configuration.CACHE_TTL_SECONDS,
      changes,
      exports: {
        directory: exportDirectory(configuration),
        linkHours: configuration.EXPORT_LINK_HOURS,
        requestedBy: 'site',
      },
    });
    const connected = (): Promise<TemporalClient> => {
      temporal ??= connectTemporal(temporalTarget(configuration, null)).catch((error: unknown) => {
        // The next request tries again.
        temporal = null;
        throw error;
      });
      return temporal;
    };
    const deps: ServerDependencies = {
      configuration,
      clock,
      logger: log.component('server'),
      ui,
      servicesFor,
      forgetAnswers,
      upkeepPool,
      demo: options.demo,
      async operations(scope) {
        const { client } = await connected();
        const scoped = servicesFor(scope).pool;
        const starter = createRunStarter({ client, pool: scoped, ui, queuePrefix: '' });
        return {
          client,
          starter,
          backfills: { pool: scoped, client, starter, clock, sourceFor: createSourceFor(configuration) },
        };
      },
    };
    app = await createApp(deps);
    const address = await app.listen({ host, port });
    return { url: address, app, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
