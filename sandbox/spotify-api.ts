import type { FastifyInstance, FastifyRequest } from 'fastify';
import { issueToken, readBearer, sandboxCredentials } from './credentials.js';
import { oauthError, spotifyError, type PlatformError } from './platform-error.js';
import { listParameter, numberParameter, textParameter } from './query.js';
import {
  albumObject,
  albumTracks,
  artistObject,
  discographyAlbum,
  page,
  trackObject,
  type SpotifyView,
} from './spotify-resources.js';
import type { World } from './world.js';

const lifetimeSeconds = 3600;
const idForm = /^[0-9A-Za-z]{22}$/;

interface SpotifyApi {
  world: World;
  clock: () => Date;
}

/** Spotify's token endpoint (client credentials) and Web API, in development and in extended quota mode. */
export function registerSpotify(app: FastifyInstance, api: SpotifyApi): void {
  app.post('/spotify/api/token', (request) => grantToken(request, api.clock));
  app.get('/spotify/v1/tracks', (request) => {
    const view = viewOf(request, api);
    const ids = batchIds(request, view);
    const tracks = ids.map((id) => {
      const track = isMissing(request, id) ? null : view.world.spotify.track(id, view.at);
      return track === null ? null : trackObject(view, track);
    });
    return { tracks };
  });
  app.get('/spotify/v1/tracks/:id', (request) => {
    const view = viewOf(request, api);
    const id = pathId(request);
    return trackObject(view, found(request, id, view.world.spotify.track(id, view.at)));
  });
  app.get('/spotify/v1/albums/:id', (request) => {
    const view = viewOf(request, api);
    const id = pathId(request);
    return albumObject(view, found(request, id, view.world.spotify.album(id, view.at)));
  });
  app.get('/spotify/v1/albums/:id/tracks', (request) => {
    const view = viewOf(request, api);
    const id = pathId(request);
    const album = found(request, id, view.world.spotify.album(id, view.at));
    return paged(request, view, `/albums/${id}/tracks`, albumTracks(view, album));
  });
  app.get('/spotify/v1/artists/:id', (request) => {
    const view = viewOf(request, api);
    const id = pathId(request);
    return artistObject(view, found(request, id, view.world.spotify.artist(id)));
  });
  app.get('/spotify/v1/artists/:id/albums', (request) => {
    const view = viewOf(request, api);
    const id = pathId(request);
    found(request, id, view.world.spotify.artist(id));
    const groups = listParameter(request, 'include_groups');
    const albums = view.world.spotify
      .artistAlbums(id, view.at)
      .map((albumId) => view.world.spotify.album(albumId, view.at))
      .filter((album) => album !== null)
      .filter((album) => groups.length === 0 || groups.includes(album.type))
      .map((album) => discographyAlbum(view, album));
    const path = `/artists/${id}/albums`;
    return paged(
      request,
      view,
      groups.length === 0 ? path : `${path}?include_groups=${groups.join(',')}`,
      albums,
    );
  });
}

function grantToken(request: FastifyRequest, clock: () => Date): Record<string, unknown> {
  const form = (request.body ?? {}) as Record<string, string | undefined>;
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [id, secret] =
    basic === undefined
      ? [form['client_id'], form['client_secret']]
      : splitOnce(Buffer.from(basic, 'base64').toString('utf8'));
  const client = [sandboxCredentials.spotify, sandboxCredentials.spotifyExtended].find(
    ({ clientId }) => clientId === id,
  );
  if (client === undefined) throw oauthError(400, 'invalid_client', 'Invalid client');
  if (client.clientSecret !== secret || request.dataFaults.some(({ kind }) => kind === 'token-revoked')) {
    throw oauthError(400, 'invalid_client', 'Invalid client secret');
  }
  if (form['grant_type'] !== 'client_credentials') {
    throw oauthError(400, 'unsupported_grant_type', 'grant_type parameter is missing');
  }
  const expiresAt = clock().getTime() + lifetimeSeconds * 1000;
  return {
    access_token: issueToken({ issuer: 'spotify', client: client.clientId, expiresAt }),
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
  };
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function viewOf(request: FastifyRequest, api: SpotifyApi): SpotifyView {
  if (request.headers.authorization === undefined) throw spotifyError(401, 'No token provided');
  const token = readBearer(request.headers.authorization, 'spotify');
  if (token === null || request.dataFaults.some(({ kind }) => kind === 'token-revoked')) {
    throw spotifyError(401, 'Invalid access token');
  }
  if (token.expiresAt <= api.clock().getTime()) throw spotifyError(401, 'The access token expired');
  if (request.dataFaults.some(({ kind }) => kind === 'quota-exhausted')) {
    throw spotifyError(429, 'Quota exceeded', 'QUOTA_EXCEEDED');
  }
  return {
    world: api.world,
    at: request.moment,
    extended: token.client === sandboxCredentials.spotifyExtended.clientId,
    // Links lead back to where they came from, the moment included.
    baseUrl: `http://${request.host}${request.mountedAt}/spotify/v1`,
  };
}

function batchIds(request: FastifyRequest, view: SpotifyView): string[] {
  // Development mode lost the batch reads in February 2026.
  if (!view.extended) throw spotifyError(403, 'Forbidden');
  const ids = listParameter(request, 'ids');
  if (ids.length === 0) throw spotifyError(400, 'invalid id');
  if (ids.length > 50) throw spotifyError(400, 'Too many ids requested');
  if (!ids.every((id) => idForm.test(id))) throw spotifyError(400, 'invalid id');
  return ids;
}

function pathId(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (!idForm.test(id)) throw spotifyError(400, 'Invalid base62 id');
  return id;
}

function isMissing(request: FastifyRequest, id: string): boolean {
  return request.dataFaults.some(
    (fault) => fault.kind === 'missing-items' && (fault.ids?.includes(id) ?? true),
  );
}

function found<T>(request: FastifyRequest, id: string, item: T | null): T {
  if (item === null || isMissing(request, id)) throw spotifyError(404, 'Resource not found');
  return item;
}

function paged(
  request: FastifyRequest,
  view: SpotifyView,
  path: string,
  items: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const limit = within(request, 'limit', 20, 1, 50);
  const offset = within(request, 'offset', 0, 0, 10_000);
  const kinds = new Set(request.dataFaults.map(({ kind }) => kind));
  const start = kinds.has('repeated-items') ? Math.max(0, offset - 2) : offset;
  const answer = { ...page(view, path, items, start, limit), offset };
  const withLoop = kinds.has('looping-page') ? { next: page(view, path, items, 0, limit)['href'] } : {};
  const withShift = kinds.has('shifting-total')
    ? { total: items.length + 1 + Math.floor(offset / limit) }
    : {};
  return { ...answer, ...withLoop, ...withShift };
}

function within(request: FastifyRequest, name: string, fallback: number, low: number, high: number): number {
  const value = numberParameter(request, name) ?? fallback;
  if (!(value >= low && value <= high)) throw invalid(name, textParameter(request, name));
  return value;
}

function invalid(name: string, value: string | null): PlatformError {
  return spotifyError(400, `Invalid ${name}: ${value ?? ''}`);
}
