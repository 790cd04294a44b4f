import { youtube } from 'googleapis/build/src/apis/youtube/index.js';
import { youtubeAnalytics } from 'googleapis/build/src/apis/youtubeAnalytics/index.js';
import type { z } from 'zod';
import { BaseAddress } from '../base-address.js';
import { QuotaError, SourceError, TransientError, UnsupportedError } from '../errors.js';
import type { Moment, SourceContext } from '../source.js';
import { AccessTokens, type GrantedToken } from '../transport/access-token.js';
import { withDeadline } from '../transport/deadline.js';
import { connectionFault, requestJson } from '../transport/json-request.js';
import { responseInstant } from '../transport/response-clock.js';
import { parseBody } from '../transport/response-body.js';
import { tokenError } from '../token-error.js';
import { googleError } from './errors.js';
import { tokenGrant } from './schemas.js';
import {
  googleAnalyticsRoot,
  googleDataRoot,
  googleTokenUrl,
  type YoutubeBucket,
  type YoutubeSettings,
} from './settings.js';

/** How one request is to be sent by the generated clients. */
export interface CallOptions {
  rootUrl: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  responseType: 'json';
  retry: false;
  retryConfig: { retry: 0 };
  validateStatus: () => true;
}

interface RawAnswer {
  status: number;
  data?: unknown;
  headers: object;
}

export interface YoutubeCall<T> {
  /** What is asked, for messages: `YouTube videos.list`. */
  operation: string;
  bucket: YoutubeBucket;
  at: Moment | null;
  schema: z.ZodType<T>;
  send: (options: CallOptions, key: { key?: string }) => Promise<RawAnswer>;
}

export interface YoutubeAnswer<T> {
  body: T;
  /** The answer's own clock. */
  observedAt: Date;
}

/**
 * Google's generated clients behind what they lack: a quota asked before each call, one deadline over the
 * call and its body, every body parsed (they resolve with a string for HTML or half an answer), errors by
 * kind, and no retries of their own (they know no `Retry-After`).
 */
export class YoutubeClient {
  readonly data = youtube({ version: 'v3' });
  readonly analytics = youtubeAnalytics({ version: 'v2' });
  readonly takesMoment: boolean;
  readonly #settings: YoutubeSettings;
  readonly #dataRoot: BaseAddress;
  readonly #analyticsRoot: BaseAddress;
  readonly #tokenUrl: BaseAddress;
  readonly #tokens = new AccessTokens();

  /** @throws RangeError for an address that is none, or settings without a credential */
  constructor(settings: YoutubeSettings) {
    if (settings.apiKey === null && settings.oauth === null) {
      throw new RangeError('YouTube needs an API key or a refresh token');
    }
    this.#settings = settings;
    this.#dataRoot = new BaseAddress(settings.rootUrl ?? googleDataRoot);
    this.#analyticsRoot = new BaseAddress(
      settings.analyticsRootUrl ?? settings.rootUrl ?? googleAnalyticsRoot,
    );
    this.#tokenUrl = new BaseAddress(settings.tokenUrl ?? googleTokenUrl);
    this.takesMoment = this.#dataRoot.takesMoment;
  }

  /** Whether the owner's grant is there, without which the daily reports are not answered. */
  get hasGrant(): boolean {
    return this.#settings.oauth !== null;
  }

  /**
   * One call: reserves its unit, sends, parses.
   * @throws the classes of errors.ts; a QuotaError from the platform has been told to the gate before
   */
  async call<T>(call: YoutubeCall<T>, context: SourceContext): Promise<YoutubeAnswer<T>> {
    const root = (call.bucket === 'analytics' ? this.#analyticsRoot : this.#dataRoot).resolve(
      call.at,
      context.clock,
    );
    await context.quota.reserve(call.bucket, 1);
    const answer = await withDeadline(context.signal, context.deadlineMs, call.operation, async (signal) => {
      const first = await this.#send(call, root, signal, context);
      // A token may be withdrawn before its time: one fresh one, then the refusal stands.
      if (first.answer.status !== 401 || first.token === null) return first.answer;
      this.#tokens.invalidate(first.token);
      return (await this.#send(call, root, signal, context)).answer;
    });
    if (answer.status < 200 || answer.status > 299) {
      const date = Date.parse(headerOf(answer, 'date') ?? '');
      const error = googleError({
        operation: call.operation,
        bucket: call.bucket,
        status: answer.status,
        retryAfter: headerOf(answer, 'retry-after'),
        body: answer.data,
        now: this.takesMoment || Number.isNaN(date) ? context.clock.now() : new Date(date),
      });
      if (error instanceof QuotaError) await context.quota.exhausted(call.bucket, error.resetsAt);
      throw error;
    }
    const body = parseBody(call.schema, answer.data, call.operation);
    return {
      body,
      observedAt: responseInstant(headerOf(answer, 'date'), this.takesMoment, call.at, context),
    };
  }

  async #send<T>(
    call: YoutubeCall<T>,
    rootUrl: string,
    signal: AbortSignal,
    context: SourceContext,
  ): Promise<{ answer: RawAnswer; token: string | null }> {
    const token = await this.#token(context);
    signal.throwIfAborted();
    const options: CallOptions = {
      rootUrl,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal,
      responseType: 'json',
      retry: false,
      retryConfig: { retry: 0 },
      validateStatus: () => true,
    };
    try {
      const key = token === null && this.#settings.apiKey !== null ? { key: this.#settings.apiKey } : {};
      return { answer: await call.send(options, key), token };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new TransientError(`${call.operation}: the connection failed (${connectionFault(error)})`, {
        cause: error,
      });
    }
  }

  async #token(context: SourceContext): Promise<string | null> {
    const { oauth } = this.#settings;
    if (oauth === null) return null;
    return this.#tokens.get(() => this.#grant(oauth, context));
  }

  /**
   * Under no caller's signal, since others may be waiting for the same token, and half the deadline: a grant
   * that hangs has to be over before the calls that wait for it give up and ask again.
   */
  async #grant(oauth: NonNullable<YoutubeSettings['oauth']>, context: SourceContext): Promise<GrantedToken> {
    const { body } = await requestJson({
      operation: 'Google token',
      url: this.#tokenUrl.resolve(null, context.clock),
      method: 'POST',
      headers: {},
      form: {
        grant_type: 'refresh_token',
        client_id: oauth.clientId,
        client_secret: oauth.clientSecret,
        refresh_token: oauth.refreshToken,
      },
      schema: tokenGrant,
      refusal: (status, headers, body) =>
        tokenError({
          operation: 'Google token',
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

  /** @throws UnsupportedError without the owner's grant */
  requireGrant(operation: string): void {
    if (!this.hasGrant) {
      throw new UnsupportedError(`${operation} needs the owner's grant (a refresh token), not an API key`);
    }
  }
}

/** The library says that headers are a plain record and hands out a `Headers` of its fetch all the same. */
function headerOf(answer: RawAnswer, name: string): string | null {
  const { headers } = answer;
  if ('get' in headers && typeof headers.get === 'function') {
    const value: unknown = Reflect.apply(headers.get, headers, [name]);
    return typeof value === 'string' ? value : null;
  }
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return typeof found?.[1] === 'string' ? found[1] : null;
}
