/** Connections of clients to Temporal, and what connections of workers share with them. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { UnreachableError } from './errors.js';
import { sanitiseText } from './sanitise.js';
import type { Settings } from './settings.js';

export interface TemporalTarget {
  address: string;
  namespace: string;
  tls: TlsOptions | null;
  apiKey: string | null;
}

export interface TlsOptions {
  serverName: string | null;
  serverCertificateAuthority: Buffer | null;
  clientCertificate: { crt: Buffer; key: Buffer } | null;
}

export interface TemporalClient {
  client: Client;
  namespace: string;
  close(): Promise<void>;
}

type ConnectionSettings = Pick<Settings, Extract<keyof Settings, `TEMPORAL_${string}`>>;

const connectMs = 5_000;

/**
 * What the settings say about the server.
 *
 * @param address used where TEMPORAL_ADDRESS is not set: that of the embedded server.
 * @throws UnreachableError when there is no address at all, or a certificate cannot be read.
 */
export function temporalTarget(settings: ConnectionSettings, address: string | null): TemporalTarget {
  const at = settings.TEMPORAL_ADDRESS ?? address;
  if (at === null) {
    throw new UnreachableError(
      'Temporal',
      '(no address)',
      'none runs here and TEMPORAL_ADDRESS is not set',
      'Start one with `npm start`, or set TEMPORAL_ADDRESS.',
    );
  }
  return {
    address: at,
    namespace: settings.TEMPORAL_NAMESPACE,
    tls: tlsOptions(settings, at),
    apiKey: settings.TEMPORAL_API_KEY?.reveal() ?? null,
  };
}

function tlsOptions(settings: ConnectionSettings, address: string): TlsOptions | null {
  const {
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority,
    TEMPORAL_TLS_CLIENT_CERT_PATH: certificate,
    TEMPORAL_TLS_CLIENT_KEY_PATH: key,
  } = settings;
  const wanted =
    settings.TEMPORAL_TLS || settings.TEMPORAL_API_KEY !== null || (authority ?? certificate) !== null;
  if (!wanted) return null;
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (error) {
      throw new UnreachableError(
        'Temporal',
        address,
        `${path} cannot be read`,
        'Check the TEMPORAL_TLS_ paths.',
        {
          cause: error,
        },
      );
    }
  };
  return {
    serverName: settings.TEMPORAL_TLS_SERVER_NAME,
    serverCertificateAuthority: authority === null ? null : read(authority),
    clientCertificate:
      certificate === null || key === null ? null : { crt: read(certificate), key: read(key) },
  };
}

/**
 * Connects a client and makes sure that the namespace is there.
 *
 * @throws UnreachableError with the next step, whether the server is down, refuses us, or lacks the namespace.
 */
export async function connectTemporal(target: TemporalTarget): Promise<TemporalClient> {
  let connection: Connection | undefined;
  const retries = closableRetries();
  try {
    connection = await Connection.connect({
      ...sdkOptions(target),
      connectTimeout: connectMs,
      interceptors: [retries.interceptor],
    });
    await connection.workflowService.describeNamespace({ namespace: target.namespace });
  } catch (error) {
    await connection?.close();
    throw unreachable(target, error);
  }
  const open = connection;
  return {
    client: new Client({ connection: open, namespace: target.namespace }),
    namespace: target.namespace,
    async close() {
      await retries.settle();
      await open.close();
    },
  };
}

/**
 * The SDK's retries, which can be ended. By itself it retries from a timer, and one that fires after the
 * connection was closed throws where nobody can catch it: a program that stops while a call waits would crash.
 */
function closableRetries(): {
  interceptor: ReturnType<typeof makeGrpcRetryInterceptor>;
  settle: () => Promise<void>;
} {
  const usual = defaultGrpcRetryOptions();
  let closing = false;
  let lastRetryAt = 0;
  return {
    interceptor: makeGrpcRetryInterceptor({
      retryableDecider: (attempt, status) => !closing && usual.retryableDecider(attempt, status),
      delayFunction(attempt, status) {
        const delayMs = usual.delayFunction(attempt, status);
        lastRetryAt = Math.max(lastRetryAt, performance.now() + delayMs);
        return delayMs;
      },
    }),
    async settle() {
      closing = true;
      const waitMs = lastRetryAt - performance.now();
      if (waitMs > 0) await pause(waitMs + 20);
    },
  };
}

/** What both of Temporal's connections take. */
interface SdkOptions {
  address: string;
  tls?: {
    serverNameOverride?: string;
    serverRootCACertificate?: Buffer;
    clientCertPair?: { crt: Buffer; key: Buffer };
  };
  apiKey?: string;
}

export function sdkOptions({ address, tls, apiKey }: TemporalTarget): SdkOptions {
  const options: SdkOptions = { address };
  if (apiKey !== null) options.apiKey = apiKey;
  if (tls === null) return options;
  options.tls = {};
  if (tls.serverName !== null) options.tls.serverNameOverride = tls.serverName;
  if (tls.serverCertificateAuthority !== null) {
    options.tls.serverRootCACertificate = tls.serverCertificateAuthority;
  }
  if (tls.clientCertificate !== null) options.tls.clientCertPair = tls.clientCertificate;
  return options;
}

/** Names of gRPC's status codes that call for another next step than «start the server». */
const mends: readonly [pattern: RegExp, mend: string][] = [
  [/UNAUTHENTICATED|PERMISSION_DENIED|Unauthorized/i, 'Check TEMPORAL_API_KEY and the client certificate.'],
  [
    /NOT_FOUND|Namespace .* is not found/i,
    'Create the namespace, or set TEMPORAL_NAMESPACE to one that exists.',
  ],
  [/certificate|handshake|SSL|TLS/i, 'Check the TEMPORAL_TLS_ settings against what the server expects.'],
];

/** Why a server could not be reached, with the next step. */
export function unreachable(target: TemporalTarget, error: unknown): UnreachableError {
  const { message, details } = error as { message?: string; details?: string };
  const reason = sanitiseText(details ?? message ?? String(error));
  const mend = mends.find(([pattern]) => pattern.test(`${message ?? ''} ${reason}`))?.[1];
  return new UnreachableError(
    'Temporal',
    `${target.address} (namespace ${target.namespace})`,
    reason,
    mend ?? 'Check TEMPORAL_ADDRESS, and that the server runs and can be reached from here.',
    { cause: error },
  );
}
