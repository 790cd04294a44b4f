/** The HTTP API: its routes by subject, and its description made from their very schemas. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from '@fastify/type-provider-zod';
import type { FastifyInstance } from 'fastify';
import { docsPath } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { registerHealth } from './health.js';

export async function registerApi(app: FastifyInstance, deps: ServerDependencies): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tidemark',
        version: '1.0.0',
        description:
          'What each release gained on each platform, and what follows from it. Times are RFC 3339 in UTC, ranges half-open, failures problems after RFC 9457.',
      },
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key, `tmk_…`.' } },
      },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
    // Pages are no part of the API.
    hideUntagged: true,
  });
  await app.register(fastifySwaggerUi, { routePrefix: docsPath, staticCSP: true });
  registerHealth(app, deps);
}
