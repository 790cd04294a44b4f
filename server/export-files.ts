/** Exports as the API and the pages hand them out. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExportRequest } from '../contracts/exports.js';
import { exportDirectory } from '../runtime/export-directory.js';
import type { ExportDeps } from '../services/exports/background-exports.js';
import { countDataset } from '../services/exports/export-filter.js';
import { streamDataset } from '../services/exports/stream-dataset.js';
import type { ArtistScope } from '../store/artist-scope.js';
import { servicesOf } from './access/authentication.js';
import type { ServerDependencies } from './dependencies.js';
import { Problem } from './problems.js';

/** More rows than a caller should wait for with an open connection. */
export const mostRowsAtOnce = 100_000;

export function exportDeps(deps: ServerDependencies, scope: ArtistScope): ExportDeps {
  const { clock, configuration } = deps;
  return {
    pool: deps.servicesFor(scope).pool,
    clock,
    directory: exportDirectory(configuration),
    linkHours: configuration.EXPORT_LINK_HOURS,
    halfLifeDays: configuration.STOCK_HALF_LIFE_DAYS,
  };
}

/** Answers with the file itself. @throws Problem 413 past `mostRowsAtOnce`; what `streamDataset` throws */
export async function sendExportAtOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  asked: ExportRequest,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const options = { now: deps.clock.now(), halfLifeDays: deps.configuration.STOCK_HALF_LIFE_DAYS };
  const counted = await countDataset(pool, asked, options);
  const rows = counted.reduce((sum, section) => sum + section.rows, 0);
  if (rows > mostRowsAtOnce) throw tooMany(rows);
  const stream = await streamDataset(pool, asked, options);
  return sendExportFile(reply, { ...stream, stream: Readable.from(stream) });
}

export function sendExportFile(
  reply: FastifyReply,
  { fileName, contentType, stream }: { fileName: string; contentType: string; stream: Readable },
): FastifyReply {
  return reply
    .type(contentType)
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('cache-control', 'private, no-store')
    .send(stream);
}

function tooMany(rows: number): Problem {
  return new Problem(
    413,
    `That is ${rows.toLocaleString('en')} rows; ${mostRowsAtOnce.toLocaleString('en')} at most are sent at once. Ask for it in the background: POST /api/v1/exports.`,
  );
}
