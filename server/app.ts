/** The site and the HTTP API as one application, without a port: a test injects requests, `start-server.ts` listens. */
import { randomUUID } from 'node:crypto';
import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import fastifyRateLimit from '@fastify/rate-limit';
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { registerAudit } from './access/audit.js';
import { registerAuthentication } from './access/authentication.js';
import { corsOrigins, registerCors } from './api/cors.js';
import { registerEtags } from './api/etags.js';
import { registerIdempotency } from './api/idempotency.js';
import { registerApi } from './api/index.js';
import { registerJsonBody } from './api/json-body.js';
import { registerMethods, registerNowhere } from './api/methods.js';
import type { ServerDependencies } from './dependencies.js';
import { registerOwnWrites } from './own-writes.js';
import { registerPages } from './pages/index.js';
import { renderProblem } from './pages/problem-page.js';
import { registerProblems, sendProblem, tellProblem } from './problems.js';
import { tellIssuesInWords } from './words-of-issues.js';

const mostBodyBytes = 8 * 2 ** 20;
const mostUploadBytes = 256 * 2 ** 20;

export async function createApp(deps: ServerDependencies): Promise<FastifyInstance> {
  const { configuration } = deps;
  const loggerInstance: FastifyBaseLogger = deps.logger;
  const app = Fastify({
    loggerInstance,
    // One line an answer is written below; the library's two say less.
    logController: new LogController({ disableRequestLogging: true }),
    // Told in every problem and every line of the log; a caller's own would let it forge those.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: mostBodyBytes,
    // What the router itself cannot read, such as a broken escape, passes no hook and no other handler.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(request, reply, tellProblem(error), renderProblem);
    },
    trustProxy: configuration.HTTP_TRUST_PROXY,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
  });
  tellIssuesInWords();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app, renderProblem);
  registerMethods(app);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Charts carry their colours as classes; nothing inline is needed.
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // Served by plain HTTP on loopback; whoever puts TLS in front says so there.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  if (configuration.HTTP_RATE_LIMIT_PER_MINUTE > 0)
    await app.register(fastifyRateLimit, {
      max: configuration.HTTP_RATE_LIMIT_PER_MINUTE,
      timeWindow: '1 minute',
    });
  registerCors(app, corsOrigins(configuration.HTTP_CORS_ORIGINS));
  await app.register(fastifyCookie);
  await app.register(fastifyFormbody);
  await app.register(fastifyMultipart, { limits: { fileSize: mostUploadBytes, files: 1 } });
  registerJsonBody(app);
  registerEtags(app);
  await app.register(fastifyCompress, {
    threshold: 1_024,
    encodings: ['gzip', 'identity'],
    // In one go that takes a tenth of a millisecond; through a stream it costs a third of a whole answer's time.
    syncThreshold: 2 ** 16,
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    void reply.header('x-request-id', request.id);
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const told = {
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.debug(told, 'answered');
    done();
  });
  registerAuthentication(app, deps);
  registerNowhere(app);
  registerIdempotency(app, deps);
  registerAudit(app, deps);
  registerOwnWrites(app, deps);
  await registerApi(app, deps);
  registerPages(app, deps);
  return app;
}
