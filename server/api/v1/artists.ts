import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listArtistPage } from '../../../store/artists.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';

const artistSchema = z.object({ id: z.int(), name: z.string() }).meta({ id: 'Artist' });
const cursor = listCursor('artists', z.tuple([z.int()]));

export function registerArtists(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/artists',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['releases'],
        summary: 'Artists',
        description: 'Those that the key may see, in order of id.',
        querystring: z.strictObject(pageQuery(100)),
        response: { 200: pageOf(artistSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told } = request.query;
      const { pool } = servicesOf(request, deps);
      const [afterId] = cursor.read(told) ?? [null];
      const rows = await listArtistPage(pool, { afterId, limit: limit + 1 });
      return cursor.page(rows, limit, ({ id }) => [id]);
    },
  );
}
