/** A sandbox for a test, and plain HTTP to ask it with. */
import { onTestFinished } from 'vitest';
import { sandboxCredentials } from '../../../sandbox/credentials.js';
import { generateWorld, type GeneratedWorld } from '../../../sandbox/generated-world.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/server.js';

export const now = new Date('2026-11-20T12:00:00Z');
export const anchorDay = '2026-11-20';

export type Json = Record<string, unknown>;

export interface Answer<T = Json> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

export interface Asked {
  sandbox: Sandbox;
  world: GeneratedWorld;
  get: <T = Json>(path: string, token?: string) => Promise<Answer<T>>;
  post: <T = Json>(
    path: string,
    form: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Answer<T>>;
  googleToken: () => Promise<string>;
  spotifyToken: (mode?: 'development' | 'extended') => Promise<string>;
}

/** A sandbox over a generated world, closed when the test ends. */
export async function askedSandbox(
  options: Partial<SandboxOptions> = {},
  world: GeneratedWorld = generateWorld({ seed: 11, anchorDay }),
): Promise<Asked> {
  const sandbox = await startSandbox({ world, clock: () => now, ...options });
  onTestFinished(() => sandbox.close());
  const get = async <T = Json>(path: string, token?: string): Promise<Answer<T>> =>
    read<T>(
      await fetch(
        sandbox.url + path,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      ),
    );
  const post = async <T = Json>(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> =>
    read<T>(await fetch(sandbox.url + path, { method: 'POST', body: new URLSearchParams(form), headers }));
  return {
    sandbox,
    world,
    get,
    post,
    googleToken: async () =>
      (await post<{ access_token: string }>('/google/token', googleForm())).body.access_token,
    spotifyToken: async (mode = 'development') => {
      const { clientId, clientSecret } =
        mode === 'extended' ? sandboxCredentials.spotifyExtended : sandboxCredentials.spotify;
      const answer = await post<{ access_token: string }>(
        '/spotify/api/token',
        { grant_type: 'client_credentials' },
        { authorization: basic(clientId, clientSecret) },
      );
      return answer.body.access_token;
    },
  };
}

export function googleForm(changes: Record<string, string> = {}): Record<string, string> {
  const { clientId, clientSecret, refreshToken } = sandboxCredentials.google;
  return {
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
    ...changes,
  };
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // An answer that is no JSON is looked at as text.
  }
  return { status: response.status, headers: response.headers, text, body: body as T };
}
