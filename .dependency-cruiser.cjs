/**
 * Who may import whom. `import type` is left out of account: it is gone before anything runs.
 * test/unit/runtime/import-rules.test.ts fails when no module was cruised.
 */
const anywhereBut = (...folders) => ({ path: '.', pathNot: folders.map((folder) => `^${folder}/`) });
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;
const production =
  '^(contracts|workflows|activities|analytics|sources|store|services|workers|server|cli|operations|runtime|sandbox|bin)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'contracts-import-nothing',
      severity: 'error',
      from: { path: '^contracts/' },
      to: anywhereBut('contracts'),
    },
    {
      name: 'analytics-are-pure',
      comment: 'Contracts and mathematics: no I/O, no database, no Temporal.',
      severity: 'error',
      from: { path: '^analytics/' },
      to: {
        path: '.',
        pathNot: ['^(analytics|contracts)/', packages('simple-statistics', 'arquero', 'luxon')],
      },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'The sandbox of workflows has Temporal’s own modules, our contracts, and nothing else.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '.',
        pathNot: ['^(workflows|contracts)/', packages('@temporalio/workflow', '@temporalio/common')],
      },
    },
    {
      name: 'sources-know-no-database-and-no-temporal',
      severity: 'error',
      from: { path: '^sources/' },
      to: {
        path: [
          packages('pg', 'pg-copy-streams', 'node-pg-migrate', '@temporalio'),
          '^(store|services|activities|workflows)/',
        ],
      },
    },
    {
      name: 'store-and-services-know-no-temporal-and-no-http-server',
      severity: 'error',
      from: { path: '^(store|services)/' },
      to: {
        path: [
          packages('@temporalio', 'fastify', '@fastify'),
          '^(node:)?https?$',
          '^(activities|workflows|operations)/',
        ],
      },
    },
    {
      name: 'store-stands-below-services',
      severity: 'error',
      from: { path: '^store/' },
      to: { path: '^(services|sources)/' },
    },
    {
      name: 'activities-open-no-connections',
      comment: 'They are given what they need; activities/failures.ts alone builds failures.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: [packages('@temporalio/client', '@temporalio/worker'), '^(workflows|operations)/'] },
    },
    {
      name: 'runtime-stands-below-everything',
      severity: 'error',
      from: { path: '^runtime/' },
      to: { path: production, pathNot: '^(runtime|contracts)/' },
    },
    {
      name: 'sandbox-stands-alone',
      comment: 'The stand-ins must not agree with the clients by sharing their code.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(sources|store|services|activities|workflows|workers|operations)/' },
    },
    {
      name: 'nothing-real-needs-the-sandbox',
      severity: 'error',
      from: { path: '^(sources|store|services|activities|workflows|workers|operations|server|runtime)/' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'only-the-commands-import-workers',
      severity: 'error',
      from: { path: production, pathNot: '^(cli|workers)/' },
      to: { path: '^workers/' },
    },
    {
      name: 'only-the-commands-import-the-server',
      severity: 'error',
      from: { path: production, pathNot: '^(cli|server)/' },
      to: { path: '^server/' },
    },
    {
      name: 'nothing-imports-the-commands',
      severity: 'error',
      from: { path: production, pathNot: '^(cli|bin)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^(test|bench|scripts)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-development-packages-at-run-time',
      severity: 'error',
      from: { path: production },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist|coverage|\\.tidemark)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
