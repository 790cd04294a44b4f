import type { FastifyInstance, FastifyRequest } from 'fastify';
import { issueToken, projectOfKey, readBearer, sandboxCredentials } from './credentials.js';
import { googleError, oauthError } from './platform-error.js';
import { textParameter } from './query.js';
import type { QuotaMeter } from './quota.js';

const scopes =
  'https://www.googleapis.com/auth/youtube.readonly https://www.googleapis.com/auth/yt-analytics.readonly';
const lifetimeSeconds = 3599;

export interface GoogleAccess {
  /** The project whose quota pays. */
  project: string;
  /** True when the channel's owner authorised: `mine` and reports need that. */
  owner: boolean;
}

/** Google's token endpoint: the refresh-token grant (RFC 6749, section 6). */
export function registerGoogleToken(app: FastifyInstance, clock: () => Date): void {
  app.post('/google/token', (request) => {
    const form = (request.body ?? {}) as Record<string, string | undefined>;
    const known = sandboxCredentials.google;
    if (form['client_id'] !== known.clientId) {
      throw oauthError(401, 'invalid_client', 'The OAuth client was not found.');
    }
    if (form['client_secret'] !== known.clientSecret) {
      throw oauthError(401, 'invalid_client', 'Unauthorized');
    }
    if (form['grant_type'] !== 'refresh_token') {
      throw oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${form['grant_type'] ?? ''}`);
    }
    const revoked = request.dataFaults.some((fault) => fault.kind === 'token-revoked');
    if (revoked || form['refresh_token'] !== known.refreshToken) {
      throw oauthError(400, 'invalid_grant', 'Token has been expired or revoked.');
    }
    return {
      access_token: issueToken({
        issuer: 'google',
        client: known.clientId,
        refresh: known.refreshToken,
        expiresAt: clock().getTime() + lifetimeSeconds * 1000,
      }),
      expires_in: lifetimeSeconds,
      scope: scopes,
      token_type: 'Bearer',
    };
  });
}

/** Who asks, by access token or API key. @throws 400 for a bad key, 401 for a bad token, 403 for neither */
export function authorise(request: FastifyRequest, clock: () => Date): GoogleAccess {
  const key = textParameter(request, 'key');
  if (request.headers.authorization !== undefined) {
    const token = readBearer(request.headers.authorization, 'google');
    const revoked = request.dataFaults.some((fault) => fault.kind === 'token-revoked');
    if (token === null || revoked || token.expiresAt <= clock().getTime()) {
      throw googleError(401, {
        reason: 'authError',
        message: 'Invalid Credentials',
        location: 'Authorization',
      });
    }
    return { project: token.client, owner: token.refresh !== undefined };
  }
  if (key === null) {
    throw googleError(403, {
      reason: 'forbidden',
      message:
        "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity.",
    });
  }
  const project = projectOfKey(key);
  if (project === null) {
    throw googleError(400, { domain: 'usageLimits', reason: 'keyInvalid', message: 'Bad Request' });
  }
  return { project, owner: false };
}

/** Books the call's units. @throws 403 quotaExceeded when the bucket is empty */
export function charge(
  request: FastifyRequest,
  meter: QuotaMeter,
  project: string,
  bucket: string,
  units: number,
): void {
  const exhausted = request.dataFaults.some((fault) => fault.kind === 'quota-exhausted');
  if (!exhausted && meter.charge(project, bucket, units)) return;
  throw googleError(403, {
    domain: 'youtube.quota',
    reason: 'quotaExceeded',
    message:
      'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
  });
}
