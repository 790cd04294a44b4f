/** What everything stands on: the program itself, Postgres, Temporal and the logs. */
import {
  choice,
  clockReading,
  databaseUrl,
  fraction,
  hostAndPort,
  httpUrl,
  level,
  levels,
  secret,
  text,
  truth,
  wholeNumber,
} from '../setting-kinds.js';
import { group } from './declaration.js';

const program = group('The program');
const database = group('Postgres');
const temporal = group('Temporal');
const logs = group('Logs');

export const foundationSettings = {
  TIDEMARK_ENV: program(
    choice('development', 'production'),
    'development',
    'Production starts no servers of its own and refuses to run without the addresses of both.',
  ),
  TIDEMARK_CLOCK: program(
    clockReading(),
    'system',
    'The program’s clock: the system’s, or an instant at which it stands.',
  ),
  TIDEMARK_STATE_DIRECTORY: program(
    text('a directory'),
    '.tidemark',
    'Holds the data, logs and addresses of the embedded servers.',
  ),

  DATABASE_URL: database(
    databaseUrl(),
    null,
    'The owner’s connection. Unset, an embedded Postgres is started.',
  ),
  DATABASE_APP_URL: database(
    databaseUrl(),
    null,
    'The connection of the pages and the HTTP API, whose role is bound by row security. Unset: DATABASE_URL.',
  ),
  DB_POOL_SIZE: database(wholeNumber(1, 500), 10, 'Connections a process.'),
  DB_STATEMENT_TIMEOUT_SECONDS: database(
    wholeNumber(0, 86_400),
    300,
    'A statement past it is cancelled; 0 for none.',
  ),
  SLOW_QUERY_SECONDS: database(fraction(0, 3_600), 5, 'A statement past it is logged as slow.'),
  POSTGRES_PORT: database(
    wholeNumber(1_024, 65_435),
    54_320,
    'First choice of the embedded Postgres; a taken port is stepped around.',
  ),

  TEMPORAL_ADDRESS: temporal(
    hostAndPort(),
    null,
    'Unset, an embedded development server with its UI is started.',
  ),
  TEMPORAL_NAMESPACE: temporal(text(), 'default', 'The namespace that everything runs in.'),
  TEMPORAL_API_KEY: temporal(secret(), null, 'For Temporal Cloud; implies TLS.'),
  TEMPORAL_TLS: temporal(truth(), false, 'Connect by TLS.'),
  TEMPORAL_TLS_SERVER_NAME: temporal(text('a host name'), null, 'The name in the server’s certificate.'),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: temporal(
    text('a file'),
    null,
    'PEM file of the authority that signed the server’s certificate.',
  ),
  TEMPORAL_TLS_CLIENT_CERT_PATH: temporal(text('a file'), null, 'PEM file of our certificate (mTLS).'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: temporal(text('a file'), null, 'PEM file of our key (mTLS).'),
  TEMPORAL_UI_URL: temporal(
    httpUrl(),
    null,
    'Where links to runs lead. Unset: the embedded server’s own, or http://localhost:8233.',
  ),
  TEMPORAL_PORT: temporal(wholeNumber(1_024, 65_435), 7_233, 'First choice of the embedded server.'),
  TEMPORAL_UI_PORT: temporal(wholeNumber(1_024, 65_435), 8_233, 'First choice of its web UI.'),
  WORKER_DRAIN_SECONDS: temporal(
    wholeNumber(1, 3_600),
    20,
    'What a stopping worker gives its activities to finish or to be given back.',
  ),

  LOG_LEVEL: logs(level(), 'info', 'Of every component that LOG_LEVELS does not name.'),
  LOG_LEVELS: logs(levels(), {}, 'Levels by component.'),
  LOG_FILE: logs(text('a file'), null, 'Beside the stream, logs go to this file, such as analytics.log.'),
} as const;
