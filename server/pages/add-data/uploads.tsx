/** A CSV from somebody's own machine: looked through, then loaded as a run, its bad rows given back. */
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { uploadsDirectories } from '../../../runtime/uploads-directory.js';
import { importAccountId } from '../../../services/import-account.js';
import {
  commitPendingUpload,
  dropPendingUpload,
  findPendingUpload,
  keepPendingUpload,
  rejectsOfPending,
  type PendingUpload,
} from '../../../services/pending-upload.js';
import { requireWholeView } from '../../api/v1/whole-view.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem, type ToldProblem } from '../../problems.js';
import { counted } from '../parts/figures.js';
import { act, formBody } from '../parts/form.js';
import { Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { viewerOf } from '../parts/viewer.js';
import { AddDataTabs } from './add-data-tabs.js';
import { UploadForm } from './upload-form.js';
import { UploadView } from './upload-view.js';
import { AllowedToAll } from './whole-view.js';

const params = z.object({ id: z.string().max(40) });
const sentFields = z.object({
  format: z.enum(['long-csv', 'daily-streams'], 'format: choose one of the forms'),
  account: z.string().trim().max(200),
});

export function registerUploads(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const { waiting: directory } = uploadsDirectories(deps.configuration);
  const find = async (request: FastifyRequest, id: string): Promise<PendingUpload> => {
    const { actor } = viewerOf(request);
    const pending = await findPendingUpload(directory, id, { actor, now: deps.clock.now() });
    requireWholeView(request, 'An upload');
    return pending;
  };
  const config = { scope: 'write', isPage: true } as const;
  routes.get('/add-data/uploads', { config: { scope: 'read', isPage: true } }, (request, reply) =>
    sendForm(request, reply, deps, null),
  );
  routes.post(
    '/add-data/uploads',
    // The body is a stream that is read late, so the token stands in the address.
    { config, schema: { querystring: z.object({ _csrf: z.string().max(200).optional() }) } },
    (request, reply) =>
      act(
        request,
        reply,
        deps,
        async () => {
          const pending = await receive(request, deps, directory);
          return {
            to: `/add-data/uploads/${pending.id}`,
            word: `Looked through ${counted(pending.preview.rows, 'row')}; nothing is loaded yet.`,
          };
        },
        (problem) => sendForm(request, reply, deps, problem),
      ),
  );
  routes.get('/add-data/uploads/:id', { config, schema: { params } }, async (request, reply) =>
    sendUpload(request, reply, deps, await find(request, request.params.id), null),
  );
  routes.get('/add-data/uploads/:id/rejects', { config, schema: { params } }, async (request, reply) => {
    const pending = await find(request, request.params.id);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="rejects-${pending.id.slice(0, 8)}.csv"`)
      .send(rejectsOfPending(directory, pending));
  });
  routes.post(
    '/add-data/uploads/:id/commit',
    { config, schema: { params, body: formBody({}) } },
    async (request, reply) => {
      const pending = await find(request, request.params.id);
      return act(
        request,
        reply,
        deps,
        async () => {
          const { rows } = await commitPendingUpload(
            { pool: deps.upkeepPool, clock: deps.clock },
            directory,
            pending,
          );
          return { to: `/add-data/uploads/${pending.id}`, word: `Loaded: ${counted(rows, 'row')} read.` };
        },
        (problem) => sendUpload(request, reply, deps, pending, problem),
      );
    },
  );
}

async function receive(
  request: FastifyRequest,
  deps: ServerDependencies,
  directory: string,
): Promise<PendingUpload> {
  if (!request.isMultipart()) throw new Problem(415, 'Send the file as multipart/form-data.');
  requireWholeView(request, 'An upload');
  const file = await request.file();
  if (file === undefined || file.filename === '') {
    file?.file.resume();
    throw new Problem(400, 'There is no file: choose one.', [{ pointer: '/file', detail: 'is missing' }]);
  }
  const told = sentFields.safeParse({ format: textOf(file, 'format'), account: textOf(file, 'account') });
  if (!told.success) {
    file.file.resume();
    throw new Problem(400, told.error.issues.map(({ message }) => message).join('; '));
  }
  const { format } = told.data;
  const account = told.data.account === '' ? null : told.data.account;
  const { actor } = viewerOf(request);
  const upload = { name: file.filename, content: file.file, format, account, actor };
  const pending = await keepPendingUpload(directory, upload, deps.clock.now());
  try {
    if (file.file.truncated) throw new Problem(413, 'The file is too large: split it.');
    await importAccountId(servicesOf(request, deps).pool, { format, account });
    return pending;
  } catch (error) {
    await dropPendingUpload(directory, pending);
    throw error;
  }
}

/** A field of the form that stands before the file. */
function textOf({ fields }: MultipartFile, name: string): string {
  const part = fields[name];
  return part !== undefined && 'value' in part && typeof part.value === 'string' ? part.value : '';
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  problem: ToldProblem | null,
): Promise<FastifyReply> {
  return sendWithFreshness(request, reply, deps, {
    title: 'Upload a file',
    section: '/add-data',
    status: problem?.status ?? 200,
    content: (
      <>
        <h1>Upload a file</h1>
        <AddDataTabs here="/add-data/uploads" />
        <p class="lead">A CSV is looked through first; nothing of it is loaded before you say so.</p>
        <Refusal problem={problem} />
        <AllowedToAll request={request} to="upload files">
          <UploadForm viewer={viewerOf(request)} />
        </AllowedToAll>
      </>
    ),
  });
}

function sendUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  pending: PendingUpload,
  problem: ToldProblem | null,
): Promise<FastifyReply> {
  return sendWithFreshness(request, reply, deps, {
    title: 'An upload',
    section: '/add-data',
    status: problem?.status ?? 200,
    content: (
      <>
        <h1 dir="auto">{pending.name}</h1>
        <AddDataTabs here="/add-data/uploads" />
        <Refusal problem={problem} />
        <UploadView pending={pending} viewer={viewerOf(request)} />
      </>
    ),
  });
}
