/** Exports: small ones are the answer, large ones a run with a link that expires. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { exportDatasets, exportFormats, type ExportRequest } from '../../../contracts/exports.js';
import {
  listExports,
  openExport,
  requestExport,
  showExport,
} from '../../../services/exports/background-exports.js';
import { contentTypeOf } from '../../../services/exports/stream-dataset.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { exportDeps, mostRowsAtOnce, sendExportAtOnce, sendExportFile } from '../../export-files.js';
import { listCursor, pageQuery } from '../cursor.js';
import { requestNameOf } from '../idempotency.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { contentIdsField, instant, platformField, timeframeField } from '../schemas/fields.js';
import { longId, pathLongId } from './fields.js';

const exportSchema = z
  .object({
    export_id: z.string(),
    dataset: z.enum(exportDatasets),
    format: z.enum(exportFormats),
    timeframe: z.string(),
    platforms: z.array(z.string()).nullable(),
    content_ids: z.array(z.string()).nullable(),
    include_metadata: z.boolean(),
    state: z.enum(['waiting', 'running', 'ready', 'failed', 'cancelled']),
    rows: z.int(),
    bytes: z.number().nullable(),
    file_name: z.string(),
    requested_by: z.string(),
    run_id: z.string().nullable(),
    failure: z.string().nullable(),
    created_at: instant,
    finished_at: instant.nullable(),
    expires_at: instant.describe('After it the link leads nowhere.'),
  })
  .meta({ id: 'Export' });
const requestedSchema = exportSchema
  .extend({
    download_path: z.string().describe('Fetches the file without a key, until it expires; told this once.'),
  })
  .meta({ id: 'RequestedExport' });
/** The file itself, as a stream that nothing serialises. */
const fileTypes = exportFormats.map((format) => contentTypeOf(format).split(';')[0]!);
const fileAnswer = { 200: z.unknown().describe('The file.') } as const;
const cursor = listCursor('exports', z.tuple([longId]));

const requestFields = {
  dataset: z.enum(exportDatasets).default('content'),
  format: z.enum(exportFormats).default('csv'),
  timeframe: timeframeField.default('30d'),
  include_metadata: z.boolean().default(false),
};

export function registerExports(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['exports'];
  routes.get(
    '/api/v1/exports',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Exports that were asked for',
        description: 'The latest first.',
        querystring: z.strictObject(pageQuery(50)),
        response: { 200: pageOf(exportSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told } = request.query;
      const { pool } = servicesOf(request, deps);
      const rows = await listExports({ pool }, { before: cursor.read(told)?.[0] ?? null, limit: limit + 1 });
      return cursor.page(rows, limit, ({ export_id }) => [export_id]);
    },
  );
  routes.post(
    '/api/v1/exports',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Export in the background',
        description:
          'Starts a run that makes the file, and answers at once with where to fetch it. Sent again under the same Idempotency-Key after its answer was lost, it is answered with the same export under a new link. For what is small there is /api/v1/exports/now.',
        body: z.strictObject({
          ...requestFields,
          platforms: z.array(platformField).min(1).optional(),
          content_ids: contentIdsField.optional(),
        }),
        response: { 202: envelope(requestedSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { artists, actor } = principalOfRequest(request);
      const { platforms, content_ids, include_metadata, ...told } = request.body;
      const { starter } = await deps.operations(artists);
      const asked: ExportRequest = {
        ...told,
        includeMetadata: include_metadata,
        platforms: platforms ?? null,
        contentIds: content_ids ?? null,
      };
      const { token, run, ...made } = await requestExport(
        { ...exportDeps(deps, artists), starter },
        asked,
        actor,
        requestNameOf(request),
      );
      if (run !== null) void reply.header('location', run.url);
      void reply.code(202);
      const path = `/api/v1/exports/${made.export_id}/file?token=${encodeURIComponent(token)}`;
      return { data: { ...made, download_path: path } };
    },
  );
  routes.get(
    '/api/v1/exports/now',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Export at once',
        description: `Answers with the file itself, up to ${mostRowsAtOnce.toLocaleString('en')} rows; more of them are a background export.`,
        querystring: z.strictObject({
          dataset: requestFields.dataset,
          format: requestFields.format,
          timeframe: requestFields.timeframe,
          platform: platformField.optional(),
          content_id: z.string().min(1).max(200).optional(),
          include_metadata: z.enum(['true', 'false']).default('false'),
        }),
        produces: fileTypes,
        response: { ...fileAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { platform, content_id, include_metadata, ...told } = request.query;
      const asked: ExportRequest = {
        ...told,
        includeMetadata: include_metadata === 'true',
        platforms: platform === undefined ? null : [platform],
        contentIds: content_id === undefined ? null : [content_id],
      };
      return sendExportAtOnce(request, reply, deps, asked);
    },
  );
  routes.get(
    '/api/v1/exports/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'One export',
        description: 'Its state, and how many rows there are so far.',
        params: pathLongId,
        response: { 200: envelope(exportSchema), ...problems },
      },
    },
    async (request) => ({
      data: await showExport({ pool: servicesOf(request, deps).pool }, request.params.id),
    }),
  );
  routes.get(
    '/api/v1/exports/:id/file',
    {
      // The link itself is the right to it.
      config: { scope: 'public' },
      schema: {
        tags,
        summary: 'The file of an export',
        description: 'By the link that was told when it was asked for, until it expires.',
        security: [],
        params: pathLongId,
        querystring: z.strictObject({ token: z.string().min(1).max(200) }),
        produces: fileTypes,
        response: { ...fileAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const opened = await openExport(exportDeps(deps, 'all'), request.params.id, request.query.token);
      void reply.header('content-length', opened.bytes);
      return sendExportFile(reply, opened);
    },
  );
}
