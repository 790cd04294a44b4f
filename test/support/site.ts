/** The site over a database of a test file's own; requests are injected, with row security beneath as in earnest. */
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { UnreachableError } from '../../runtime/errors.js';
import { DevelopmentConfig } from '../../runtime/configuration.js';
import { createApp } from '../../server/app.js';
import type { ServerDependencies } from '../../server/dependencies.js';
import { createScopedServices, type ScopedServicesOptions } from '../../server/scoped-services.js';
import { createKey, roles, type Role } from '../../services/access-keys.js';
import { analysisSettingsOf } from '../../services/analysis-settings.js';
import { ownerPool } from './page-visitor.js';
import { createTestDatabase, type TestDatabase } from './databases.js';

export interface TestSite {
  app: FastifyInstance;
  database: TestDatabase;
  deps: ServerDependencies;
  /** A key's header, for `inject`. */
  keyHeader(role: Role, artistIds?: readonly number[]): Promise<{ authorization: string }>;
  close(): Promise<void>;
}

export interface TestSiteOptions {
  /** Settings as in the environment; HTTP_AUTH is `keys` unless told. */
  environment?: NodeJS.ProcessEnv;
  /** What the clock says; the system's unless told. */
  now?: () => Date;
  operations?: ServerDependencies['operations'];
  /** Tells of writes past the site; without it answers are kept only where a test sets a time to live. */
  changes?: (databaseUrl: string) => NonNullable<ScopedServicesOptions['changes']>;
  /** One of the test’s own, which closing the site drops all the same. */
  database?: TestDatabase;
}

export async function createTestSite(options: TestSiteOptions = {}): Promise<TestSite> {
  const database = options.database ?? (await createTestDatabase());
  const configuration = new DevelopmentConfig({
    HTTP_AUTH: 'keys',
    HTTP_RATE_LIMIT_PER_MINUTE: '0',
    // Tests write past the site, which then hears of it a moment later.
    CACHE_TTL_SECONDS: '0',
    ...options.environment,
  });
  const clock = { now: options.now ?? ((): Date => new Date()) };
  const upkeepPool = ownerPool({ database });
  const logger = pino({ level: 'silent' });
  const deps: ServerDependencies = {
    configuration,
    clock,
    logger,
    ui: { uiUrl: 'http://localhost:8233', namespace: 'default' },
    ...createScopedServices({
      pool: database.pool,
      clock,
      logger,
      settings: analysisSettingsOf(configuration),
      cacheTtlSeconds: configuration.CACHE_TTL_SECONDS,
      ...(options.changes && { changes: options.changes(database.url) }),
    }),
    upkeepPool,
    operations:
      options.operations ??
      (() =>
        Promise.reject(
          new UnreachableError('Temporal', 'localhost', 'none runs in this test', 'Start one.'),
        )),
    demo: null,
  };
  const app = await createApp(deps);
  await app.ready();
  return {
    app,
    database,
    deps,
    async keyHeader(role, artistIds) {
      const { key } = await createKey(
        deps.servicesFor('all').pool,
        { name: `test ${role}`, scopes: roles[role], artistIds },
        clock,
      );
      return { authorization: `Bearer ${key}` };
    },
    async close() {
      await app.close();
      await upkeepPool.end();
      await database.drop();
    },
  };
}
