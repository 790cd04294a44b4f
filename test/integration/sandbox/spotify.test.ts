import { describe, expect, it } from 'vitest';
import { sandboxCredentials } from '../../../sandbox/credentials.js';
import { askedSandbox, basic, now, type Json } from './asking.js';

interface ErrorBody {
  error: { status: number; message: string };
}
interface Page {
  items: { id: string }[];
  next: string | null;
  previous: string | null;
  total: number;
}

describe('Spotify', () => {
  it('grants a token to a client, by header or by form', async () => {
    const { post } = await askedSandbox();
    const { clientId, clientSecret } = sandboxCredentials.spotify;
    const form = { grant_type: 'client_credentials' };
    const byHeader = await post('/spotify/api/token', form, { authorization: basic(clientId, clientSecret) });
    const byForm = await post('/spotify/api/token', {
      ...form,
      client_id: clientId,
      client_secret: clientSecret,
    });
    for (const { status, body } of [byHeader, byForm]) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    }
  });

  it.each([
    ['an unknown client', basic('nobody', 'x'), 'client_credentials', 'invalid_client'],
    [
      'a wrong secret',
      basic(sandboxCredentials.spotify.clientId, 'x'),
      'client_credentials',
      'invalid_client',
    ],
    [
      'another grant',
      basic(sandboxCredentials.spotify.clientId, sandboxCredentials.spotify.clientSecret),
      'password',
      'unsupported_grant_type',
    ],
  ])('refuses %s', async (_title, authorization, grant, error) => {
    const { post } = await askedSandbox();
    const answer = await post<{ error: string }>(
      '/spotify/api/token',
      { grant_type: grant },
      { authorization },
    );
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  it('keeps popularity, followers, markets and batches from development mode', async () => {
    const { get, spotifyToken, world } = await askedSandbox();
    const [development, extended] = [await spotifyToken(), await spotifyToken('extended')];
    const { trackId, albumId, isrc } = world.releases[0]!;
    const artist = `/spotify/v1/artists/${world.spotify.artistId}`;
    const track = `/spotify/v1/tracks/${trackId}`;
    const plain = (await get(track, development)).body;
    expect(plain).toMatchObject({ id: trackId, type: 'track', external_ids: { isrc } });
    expect(plain).not.toHaveProperty('popularity');
    expect(plain).not.toHaveProperty('available_markets');
    expect((await get(artist, development)).body).not.toHaveProperty('followers');
    expect((await get(`/spotify/v1/albums/${albumId}`, development)).body).not.toHaveProperty('label');
    const batch = `/spotify/v1/tracks?ids=${trackId},${'0'.repeat(22)}`;
    expect((await get<ErrorBody>(batch, development)).body).toEqual({
      error: { status: 403, message: 'Forbidden' },
    });

    const full = (await get<{ popularity: number }>(track, extended)).body;
    expect(full.popularity).toBeGreaterThan(20);
    expect(full.popularity).toBeLessThanOrEqual(100);
    expect(
      (await get<{ followers: { total: number } }>(artist, extended)).body.followers.total,
    ).toBeGreaterThan(5000);
    const tracks = (await get<{ tracks: (Json | null)[] }>(batch, extended)).body.tracks;
    expect(tracks.map((found) => found?.['id'] ?? null)).toEqual([trackId, null]);
  });

  it('pages through an artist’s albums by its own links, at the moment asked about', async () => {
    const { get, spotifyToken, world, sandbox } = await askedSandbox();
    const token = await spotifyToken();
    const at = '2026-09-01T00:00:00Z';
    const out = world.releases.filter(({ releasedOn }) => releasedOn <= '2026-09-01');
    const seen: string[] = [];
    let path: string | null =
      `/at/${at}/spotify/v1/artists/${world.spotify.artistId}/albums?include_groups=single&limit=7`;
    while (path !== null) {
      const page: Page = (await get<Page>(path, token)).body;
      expect(page.total).toBe(out.length);
      seen.push(...page.items.map(({ id }) => id));
      path = page.next?.replace(sandbox.url, '') ?? null;
    }
    expect(seen).toEqual(out.map(({ albumId }) => albumId).reverse());
    const tracks = (await get<Page>(`/spotify/v1/albums/${seen[0]!}/tracks`, token)).body;
    expect(tracks.items).toHaveLength(1);
    const early = await get<ErrorBody>(
      `/at/2025-12-01T00:00:00Z/spotify/v1/tracks/${world.releases[20]!.trackId}`,
      token,
    );
    expect(early.status).toBe(404);
  });

  it('refuses in its own form', async () => {
    let clock = now;
    const { get, spotifyToken } = await askedSandbox({ clock: () => clock });
    const token = await spotifyToken('extended');
    const refusal = async (path: string, bearer?: string): Promise<unknown> => (await get(path, bearer)).body;
    const form = (status: number, message: string): ErrorBody => ({ error: { status, message } });
    const unknown = `/spotify/v1/tracks/${'0'.repeat(22)}`;
    expect(await refusal(unknown)).toEqual(form(401, 'No token provided'));
    expect(await refusal(unknown, 'nonsense')).toEqual(form(401, 'Invalid access token'));
    expect(await refusal(unknown, token)).toEqual(form(404, 'Resource not found'));
    expect(await refusal('/spotify/v1/tracks/short', token)).toEqual(form(400, 'Invalid base62 id'));
    expect(await refusal('/spotify/v1/tracks', token)).toEqual(form(400, 'invalid id'));
    expect(await refusal('/spotify/v1/shows/x', token)).toEqual(form(404, 'Service not found'));
    clock = new Date(now.getTime() + 3_600_000);
    expect(await refusal(unknown, token)).toEqual(form(401, 'The access token expired'));
  });
});
