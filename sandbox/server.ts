import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerControlPlane } from './control-plane.js';
import { strikeBefore, strikeBody } from './fault-injection.js';
import { FaultSwitches, type ActiveFault } from './faults.js';
import { registerGoogleToken } from './google-access.js';
import { readMoment, type MountedPath } from './moment.js';
import { googleError, PlatformError, spotifyError } from './platform-error.js';
import { QuotaMeter } from './quota.js';
import { registerSpotify } from './spotify-api.js';
import type { World } from './world.js';
import { registerYouTubeAnalytics } from './youtube-analytics.js';
import { registerYouTubeData } from './youtube-data.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is asked about: the instant in the path, or the clock's now. */
    moment: Date;
    mountedAt: string;
    dataFaults: ActiveFault[];
    sendingFault: ActiveFault | null;
  }
}

export interface SandboxOptions {
  world: World;
  /** 0, or none: a free one. */
  port?: number;
  host?: string;
  logger?: Logger;
  /** The platforms' own now, where no moment stands in the path; decides the quota's day too. */
  clock: () => Date;
  /** Per project and bucket; 10,000 as Google grants, `Infinity` for no limit. */
  quotaUnitsPerDay?: number;
}

export interface Sandbox {
  url: string;
  port: number;
  faults: FaultSwitches;
  /** Requests that reached the platforms, by method and route: `GET /google/youtube/v3/videos`. */
  requestCounts(): Record<string, number>;
  close(): Promise<void>;
}

/** Listens and answers as the platforms would. Connections that hang are cut when it closes. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const faults = new FaultSwitches();
  const counts = new Map<string, number>();
  const meter = new QuotaMeter(options.quotaUnitsPerDay ?? 10_000, options.clock);
  const app = build(options, faults, counts);
  registerGoogleToken(app, options.clock);
  registerYouTubeData(app, { world: options.world, meter, clock: options.clock });
  registerYouTubeAnalytics(app, { world: options.world, meter, clock: options.clock });
  registerSpotify(app, { world: options.world, clock: options.clock });
  registerControlPlane(app, { faults, counts, meter });
  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    faults,
    requestCounts: () => Object.fromEntries(counts),
    close: () => app.close(),
  };
}

function build(options: SandboxOptions, faults: FaultSwitches, counts: Map<string, number>): FastifyInstance {
  const mounted = new WeakMap<IncomingMessage, MountedPath | null>();
  const logger: FastifyBaseLogger | undefined = options.logger;
  const app: FastifyInstance = fastify({
    ...(logger === undefined ? {} : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    rewriteUrl: (raw) => {
      const path = readMoment(raw.url ?? '/');
      mounted.set(raw, path);
      return path?.url ?? '/sandbox/no-such-moment';
    },
  });
  app.decorateRequest('mountedAt', '');
  app.decorateRequest('sendingFault', null);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );

  app.addHook('onRequest', async (request, reply) => {
    const path = mounted.get(request.raw) ?? null;
    request.moment = path?.moment ?? options.clock();
    request.mountedAt = path?.mountedAt ?? '';
    request.dataFaults = [];
    // The platform's own clock, to the second as HTTP tells it.
    void reply.header('date', request.moment.toUTCString());
    if (path === null) throw new PlatformError(400, { problems: ['the path names no instant after /at/'] });
    if (request.url.startsWith('/sandbox/')) return undefined;
    const route = `${request.method} ${request.routeOptions.url?.replace('::', ':') ?? request.url.split('?', 1)[0] ?? ''}`;
    counts.set(route, (counts.get(route) ?? 0) + 1);
    const struck = faults.strike(request.url.split('?', 1)[0] ?? '');
    request.dataFaults = struck.data;
    request.sendingFault = struck.sending;
    return struck.sending !== null && strikeBefore(struck.sending, request, reply) ? reply : undefined;
  });
  app.addHook('onSend', (request, _reply, payload, done) => {
    const fault = request.sendingFault;
    done(null, fault !== null && typeof payload === 'string' ? strikeBody(fault, request, payload) : payload);
  });
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof PlatformError) {
      void reply.code(error.status).headers(error.headers);
      if (error.body === '') return reply.type('application/json; charset=utf-8').send('');
      return reply.send(error.body);
    }
    request.log.error({ err: error }, 'the sandbox failed');
    return reply.code(500).send({ error: { code: 500, message: 'Internal error encountered.' } });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const answer = request.url.startsWith('/spotify/')
      ? spotifyError(404, 'Service not found')
      : googleError(404, { reason: 'notFound', message: 'Not Found' });
    return reply.code(404).send(answer.body);
  });
  return app;
}
