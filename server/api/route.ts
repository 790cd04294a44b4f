/** How a route of the API is written: typed by its schemas, with everything that all of them answer. */
import type { ZodTypeProvider } from '@fastify/type-provider-zod';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { z } from 'zod';
import { problemSchema } from '../problems.js';

type ZodRoutes = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The application with requests and answers typed by the routes' zod schemas. */
export function zodRoutes(app: FastifyInstance): ZodRoutes {
  return app.withTypeProvider<ZodTypeProvider>();
}

/** A success: what was asked for. */
export function envelope<Schema extends z.ZodType>(data: Schema): z.ZodObject<{ data: Schema }> {
  return z.object({ data });
}

/** A page of a list; `next_cursor` is left out on the last one. */
export function pageOf<Schema extends z.ZodType>(
  item: Schema,
): z.ZodObject<{ data: z.ZodArray<Schema>; next_cursor: z.ZodOptional<z.ZodString> }> {
  return z.object({ data: z.array(item), next_cursor: z.string().optional() });
}

/** What any route may answer beside its success. */
export const problems = { '4xx': problemSchema, '5xx': problemSchema };
