import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { uploadsDirectories } from '../../../runtime/uploads-directory.js';
import { importAccountId } from '../../../services/import-account.js';
import { keepUpload } from '../../../services/keep-upload.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem } from '../../problems.js';
import { truthInQuery } from '../cursor.js';
import { requestNameOf } from '../idempotency.js';
import { envelope, problems, zodRoutes } from '../route.js';
import { startedRunSchema, toldRun } from '../started-run.js';
import { nameField } from './fields.js';
import { requireWholeView } from './whole-view.js';

const formats = ['long-csv', 'daily-streams'] as const;

export function registerImports(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).post(
    '/api/v1/imports',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['imports'],
        summary: 'Import a CSV file',
        description:
          'Send it as the field `file` of multipart/form-data. The header is checked at once; the rows are loaded by a run, and bad ones go to quarantine. Takes a key of every artist, since a file may speak of any.',
        consumes: ['multipart/form-data'],
        querystring: z.strictObject({
          format: z.enum(formats).default('long-csv'),
          account: nameField
            .optional()
            .describe('The account whose coverage the file speaks of, as `main` or `spotify/main`.'),
          analyze: truthInQuery().default(false).describe('Analyse afterwards what was touched.'),
        }),
        response: { 202: envelope(startedRunSchema), ...problems },
      },
    },
    async (request, reply) => {
      if (!request.isMultipart()) throw new Problem(415, 'Send the file as multipart/form-data.');
      requireWholeView(request, 'An import');
      const { format, account: told, analyze } = request.query;
      const account = told ?? null;
      await importAccountId(servicesOf(request, deps).pool, { format, account });
      const { starter } = await deps.operations(principalOfRequest(request).artists);
      const file = await request.file();
      if (file === undefined)
        throw new Problem(400, 'There is no file: send it as the field “file”.', [
          { pointer: '/file', detail: 'is missing' },
        ]);
      const path = await keepUpload(uploadsDirectories(deps.configuration).kept, {
        name: file.filename,
        content: file.file,
        format,
      });
      if (file.file.truncated) throw new Problem(413, 'The file is too large: split it.');
      const run = await starter.importFile({ path, format, account, analyze }, requestNameOf(request));
      void reply.code(202).header('location', run.url);
      return { data: toldRun(run) };
    },
  );
}
