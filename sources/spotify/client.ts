import type { z } from 'zod';
import { BaseAddress } from '../base-address.js';
import { AuthError, QuotaError } from '../errors.js';
import type { Moment, SourceContext } from '../source.js';
import { AccessTokens, type GrantedToken } from '../transport/access-token.js';
import { withDeadline } from '../transport/deadline.js';
import { requestJson, type JsonAnswer } from '../transport/json-request.js';
import { responseInstant } from '../transport/response-clock.js';
import { tokenError } from '../token-error.js';
import { spotifyError } from './errors.js';
import { tokenGrant } from './schemas.js';
import { spotifyAccountsUrl, spotifyApiUrl, spotifyBucket, type SpotifySettings } from './settings.js';

export interface SpotifyCall<T> {
  /** What is asked, for messages: `Spotify track`. */
  operation: string;
  /** Under the API's address, with a leading slash and every part encoded. */
  path: string;
  query?: Record<string, string>;
  at: Moment | null;
  schema: z.ZodType<T>;
}

export interface SpotifyAnswer<T> {
  body: T;
  /** The answer's own clock. */
  observedAt: Date;
}

/** The Web API under client credentials: every body parsed, errors by kind, one deadline a call. */
export class SpotifyClient {
  readonly takesMoment: boolean;
  readonly #settings: SpotifySettings;
  readonly #api: BaseAddress;
  readonly #accounts: BaseAddress;
  readonly #tokens = new AccessTokens();

  /** @throws RangeError for an address that is none */
  constructor(settings: SpotifySettings) {
    this.#settings = settings;
    this.#api = new BaseAddress(settings.apiUrl ?? spotifyApiUrl);
    this.#accounts = new BaseAddress(settings.accountsUrl ?? spotifyAccountsUrl);
    this.takesMoment = this.#api.takesMoment;
  }

  /**
   * One call. A refused token is renewed once.
   * @throws the classes of errors.ts; a QuotaError from the platform has been told to the gate before
   */
  async get<T>(call: SpotifyCall<T>, context: SourceContext): Promise<SpotifyAnswer<T>> {
    const base = this.#api.resolve(call.at, context.clock);
    const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query).toString()}`;
    const url = `${base}${call.path}${query}`;
    await context.quota.reserve(spotifyBucket, 1);
    try {
      const { body, headers } = await withDeadline(
        context.signal,
        context.deadlineMs,
        call.operation,
        async (signal) => {
          const token = await this.#token(context);
          try {
            return await this.#send(call, url, token, signal, context);
          } catch (error) {
            if (!(error instanceof AuthError) || error.status !== 401) throw error;
            this.#tokens.invalidate(token);
            return this.#send(call, url, await this.#token(context), signal, context);
          }
        },
      );
      return { body, observedAt: responseInstant(headers.get('date'), this.takesMoment, call.at, context) };
    } catch (error) {
      if (error instanceof QuotaError) await context.quota.exhausted(spotifyBucket, error.resetsAt);
      throw error;
    }
  }

  #send<T>(
    call: SpotifyCall<T>,
    url: string,
    token: string,
    signal: AbortSignal,
    context: SourceContext,
  ): Promise<JsonAnswer<T>> {
    return requestJson({
      operation: call.operation,
      url,
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
      schema: call.schema,
      refusal: (status, headers, body) => {
        const date = Date.parse(headers.get('date') ?? '');
        const answeredAt = Number.isNaN(date) ? undefined : new Date(date);
        return spotifyError({
          operation: call.operation,
          status,
          retryAfter: headers.get('retry-after'),
          body,
          answeredAt,
          now: this.takesMoment ? context.clock.now() : (answeredAt ?? context.clock.now()),
        });
      },
      signal,
      deadlineMs: context.deadlineMs,
    });
  }

  #token(context: SourceContext): Promise<string> {
    return this.#tokens.get(() => this.#grant(context));
  }

  /**
   * Under no caller's signal, since others may be waiting for the same token, and half the deadline: a grant
   * that hangs has to be over before the calls that wait for it give up and ask again.
   */
  async #grant(context: SourceContext): Promise<GrantedToken> {
    const { clientId, clientSecret } = this.#settings;
    const { body } = await requestJson({
      operation: 'Spotify token',
      url: `${this.#accounts.resolve(null, context.clock)}/api/token`,
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64')}`,
      },
      form: { grant_type: 'client_credentials' },
      schema: tokenGrant,
      refusal: (status, headers, body) =>
        tokenError({
          operation: 'Spotify token',
          status,
          retryAfter: headers.get('retry-after'),
          body,
          now: context.clock.now(),
        }),
      signal: new AbortController().signal,
      deadlineMs: context.deadlineMs / 2,
    });
    return { value: body.access_token, expiresInSeconds: body.expires_in };
  }
}
