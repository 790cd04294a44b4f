/** Failures as RFC 9457 tells them, for programs, and as a page for people. */
import { hasZodFastifySchemaValidationErrors } from '@fastify/type-provider-zod';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import type {
  FastifyContextConfig,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
} from 'fastify';
import { z } from 'zod';
import { OperationError, type OperationErrorCode } from '../operations/errors.js';
import { UnreachableError } from '../runtime/errors.js';
import { sanitiseText } from '../runtime/sanitise.js';
import { BadInputError } from '../services/bad-input.js';
import { PerformanceDbError } from '../services/performance-service.js';
import { UnknownTimeframeError } from '../services/timeframe.js';
import { AuthError, UnsupportedError } from '../sources/errors.js';
import { StoreError, type StoreErrorCode } from '../store/errors.js';

/** A failure with its status, told as it is. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    message: string,
    readonly errors: readonly FieldError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface FieldError {
  /** Where, such as `/metrics/views`; a JSON pointer into what was sent. */
  pointer: string;
  detail: string;
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'A failure, after RFC 9457.' });
type ProblemDocument = z.infer<typeof problemSchema>;

const titles: Readonly<Record<number, string>> = {
  400: 'The request is wrong',
  401: 'Not known',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not a method of this address',
  406: 'Not to be had in this form',
  409: 'In conflict with what is there',
  413: 'Too large',
  415: 'Not a form that is read here',
  421: 'Not the address of this site',
  422: 'Not to be processed',
  429: 'Too many requests',
  500: 'A defect',
  503: 'Not reachable at the moment',
  507: 'No space left',
};

const storeStatus: Readonly<Record<StoreErrorCode, number>> = {
  unreachable: 503,
  accessDenied: 403,
  notFound: 404,
  rejected: 422,
  conflict: 409,
  busy: 503,
  cancelled: 503,
  outOfSpace: 507,
  newerDatabase: 503,
  notMigrated: 503,
  internal: 500,
};

const operationStatus: Readonly<Record<OperationErrorCode, number>> = {
  notFound: 404,
  conflict: 409,
  usage: 400,
  unreachable: 503,
};

export interface ToldProblem {
  status: number;
  title: string;
  detail: string;
  errors: readonly FieldError[];
}

/** What any error means to whoever asked. What is nobody's fault but ours says so and no more. */
export function tellProblem(error: unknown): ToldProblem {
  const told = (status: number, detail: string, errors: readonly FieldError[] = []): ToldProblem => ({
    status,
    title: titles[status] ?? (status < 500 ? titles[400]! : titles[500]!),
    detail: sanitiseText(detail),
    errors,
  });
  if (error instanceof Problem) return told(error.status, error.message, error.errors);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = (error.validation as readonly SchemaIssue[]).flatMap(fieldErrorsOf);
    const first = errors[0];
    const where = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
    return told(400, `${where}${first?.detail ?? error.message}`, errors);
  }
  // Fastify's own refusals: a body too large is a RangeError there.
  const status = statusOf(error);
  if (status !== null && status < 500) return told(status, error instanceof Error ? error.message : '');
  if (error instanceof BadInputError || error instanceof UnknownTimeframeError || error instanceof RangeError)
    return told(400, error.message);
  if (error instanceof PerformanceDbError) return told(storeStatus[error.code], error.message);
  if (error instanceof StoreError) {
    // The site itself is turned away, not whoever asks it: a wrong password, or a database that is gone.
    if (/^(28|3D)/.test(error.sqlState ?? '')) return told(503, 'The database does not let the site in.');
    const detail = error.hint === null ? error.message : `${error.message} ${error.hint}`;
    return error.code === 'internal' ? told(500, defect) : told(storeStatus[error.code], detail);
  }
  if (error instanceof OperationError)
    return told(
      operationStatus[error.code],
      error.mend === null ? error.message : `${error.message}. ${error.mend}`,
    );
  // Of the account that was named, before anything is asked of its platform.
  if (error instanceof UnsupportedError) return told(422, error.message);
  if (error instanceof AuthError) return told(409, error.message);
  if (error instanceof UnreachableError) return told(503, error.message);
  // The client's own error has gRPC's as its cause.
  if (isGrpcServiceError(error) || error instanceof ServiceError)
    return told(503, 'Temporal does not answer; what was started goes on by itself.');
  return told(status ?? 500, defect);
}

interface SchemaIssue {
  instancePath: string;
  message?: string;
  params?: { keys?: unknown };
}

/** One a field: an issue about unknown fields names all of them at once. */
function fieldErrorsOf({ instancePath, message, params }: SchemaIssue): FieldError[] {
  const place = instancePath === '/' ? '' : instancePath;
  if (Array.isArray(params?.keys) && params.keys.length > 0)
    return params.keys.map((key) => ({
      pointer: `${place}/${String(key)}`,
      detail: 'is no field of this request',
    }));
  return [{ pointer: place, detail: message ?? 'is wrong' }];
}

const defect = 'Something went wrong in the program itself; the request’s id stands in its log.';

/** Fastify's own refusals carry a status: a body too large, a type that is not read, too many requests. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const { statusCode } = error as Partial<FastifyError>;
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : null;
}

export function problemDocument(request: FastifyRequest, problem: ToldProblem): ProblemDocument {
  const { status, title, detail, errors } = problem;
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    instance: request.url.split('?')[0]!,
    request_id: request.id,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  };
}

export type RenderProblemPage = (request: FastifyRequest, problem: ToldProblem) => string;

/** Answers a failure as whoever asked can read it. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ToldProblem,
  renderPage: RenderProblemPage,
): FastifyReply {
  void reply.code(problem.status).header('x-request-id', request.id);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="tidemark"');
  if (wantsPage(request)) return reply.type('text/html; charset=utf-8').send(renderPage(request, problem));
  return reply
    .type('application/problem+json')
    .serializer((document: unknown) => JSON.stringify(document))
    .send(problemDocument(request, problem));
}

/** Every failure leaves by here: parse errors, addresses that are none, refusals and defects alike. */
export function registerProblems(app: FastifyInstance, renderPage: RenderProblemPage): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, problem: ToldProblem): FastifyReply =>
    sendProblem(request, reply, problem, renderPage);
  app.setErrorHandler((error, request, reply) => {
    const problem = tellProblem(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
    if (problem.status === 401 && wantsPage(request) && request.method === 'GET')
      return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
    return answer(request, reply, problem);
  });
}

function wantsPage(request: FastifyRequest): boolean {
  // An address that cannot be read has no route, not even that of what is nowhere.
  const config = request.routeOptions.config as FastifyContextConfig | undefined;
  if (config?.isPage === true) return true;
  return (
    !/^\/(api|analytics|webhook)(\/|$)/.test(request.url) &&
    (request.headers.accept ?? '').includes('text/html')
  );
}
