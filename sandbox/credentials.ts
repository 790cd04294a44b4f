/** What the sandbox platforms accept; a stand-in's credentials are no secrets. */
export const sandboxCredentials = {
  google: {
    apiKey: 'sandbox-api-key',
    clientId: 'sandbox-client.apps.googleusercontent.com',
    clientSecret: 'sandbox-client-secret',
    refreshToken: '1//sandbox-refresh-token',
  },
  /** Development mode: no batches, no popularity, no followers. */
  spotify: { clientId: 'sandbox-development', clientSecret: 'sandbox-development-secret' },
  /** Extended quota mode. */
  spotifyExtended: { clientId: 'sandbox-extended', clientSecret: 'sandbox-extended-secret' },
} as const;

/** Any key of this form is a Google project of its own, with a quota of its own. */
const projectKey = /^sandbox-[\w-]+$/;

/** The project that an API key belongs to; null for a key that is none. */
export function projectOfKey(key: string): string | null {
  return projectKey.test(key) ? key : null;
}

interface AccessToken {
  issuer: 'google' | 'spotify';
  client: string;
  /** The refresh token that it came from; absent for client credentials. */
  refresh?: string;
  expiresAt: number;
}

/** Tokens carry what they stand for, so they outlive the sandbox's process as real ones would. */
export function issueToken(token: AccessToken): string {
  const prefix = token.issuer === 'google' ? 'ya29.' : 'BQ';
  return prefix + Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** The token of an `Authorization` header; null when it is none of ours. Expiry is the caller's to judge. */
export function readBearer(header: string | undefined, issuer: AccessToken['issuer']): AccessToken | null {
  const value = /^Bearer (?:ya29\.|BQ)([\w-]+)$/i.exec(header ?? '')?.[1];
  if (value === undefined) return null;
  try {
    const token = JSON.parse(Buffer.from(value, 'base64url').toString('utf8')) as Partial<AccessToken>;
    if (token.issuer !== issuer || typeof token.client !== 'string' || typeof token.expiresAt !== 'number') {
      return null;
    }
    return {
      issuer,
      client: token.client,
      expiresAt: token.expiresAt,
      ...(typeof token.refresh === 'string' ? { refresh: token.refresh } : {}),
    };
  } catch {
    return null;
  }
}
