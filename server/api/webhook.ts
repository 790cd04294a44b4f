/**
 * What another system tells of a YouTube content.
 *
 * Signed once WEBHOOK_SECRET is set, and always beyond loopback: `X-Tidemark-Timestamp` holds the seconds since 1970,
 * and `X-Tidemark-Signature` is `sha256=` and the hex HMAC-SHA256 under the secret over the timestamp, a dot, and the
 * body's bytes as they are sent. A timestamp further than five minutes from now is refused; a delivery that came
 * before is answered as processed and not tracked again.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { computedEngagementRate } from '../../services/engagement-tracker.js';
import { largestFigure } from '../../services/track-engagement.js';
import { claimIdempotencyKey, keepAnswer, releaseIdempotencyKey } from '../../store/idempotency.js';
import { hashOf } from '../../services/access-keys.js';
import { isLoopbackName } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { Problem } from '../problems.js';
import { problems, zodRoutes } from './route.js';
import { contentIdField } from './schemas/fields.js';

const windowMs = 5 * 60_000;
const path = '/webhook/youtube';

/** YouTube itself writes its counts as texts. */
const count = z
  .preprocess(
    (told) => (typeof told === 'string' && /^\d{1,15}$/.test(told) ? Number(told) : told),
    z.number().min(0).max(largestFigure),
  )
  .describe('A number, or its digits as YouTube writes them.');

const metricOf = {
  viewCount: 'views',
  likeCount: 'likes',
  commentCount: 'comments',
  shareCount: 'shares',
  dislikeCount: 'dislikes',
  favoriteCount: 'favorites',
} as const;
type StatisticName = keyof typeof metricOf;
const statisticNames = Object.keys(metricOf) as StatisticName[];

const webhookBody = z
  .strictObject({
    content_id: contentIdField,
    statistics: z
      .strictObject(
        Object.fromEntries(statisticNames.map((name) => [name, count.optional()])) as Record<
          StatisticName,
          z.ZodOptional<typeof count>
        >,
      )
      .refine((told) => Object.keys(told).length > 0, 'holds at least one count')
      .meta({ minProperties: 1 }),
  })
  .meta({ id: 'YoutubeWebhook' });

const processed = { status: 'processed' as const };

export function registerWebhook(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).post(
    path,
    {
      config: { scope: 'public', isSigned: true },
      schema: {
        tags: ['webhooks'],
        summary: 'Take a content’s statistics',
        description:
          'Tracks the counts and the engagement rate worked out of them. Signed once a secret is set, and always beyond loopback: `X-Tidemark-Signature` is `sha256=` and the hex HMAC-SHA256 under WEBHOOK_SECRET over `X-Tidemark-Timestamp` (seconds since 1970), a dot, and the body’s bytes. Deliveries older than five minutes are refused; one that came before is not tracked again.',
        security: [],
        headers: z.looseObject({
          'x-tidemark-timestamp': z.string().optional().describe('Seconds since 1970.'),
          'x-tidemark-signature': z.string().optional().describe('`sha256=` and 64 hex digits.'),
        }),
        body: webhookBody,
        response: { 200: z.object({ status: z.literal('processed') }), ...problems },
      },
      // Before the body is read by its schema: a stranger learns nothing of it.
      preValidation: (request, _reply, done) => {
        requireSignature(request, deps);
        done();
      },
    },
    async (request, reply) => {
      const signature = signatureOf(request);
      const { content_id, statistics } = request.body;
      const { pool, manager } = deps.servicesFor('all');
      const track = (): Promise<string> =>
        manager.trackContentPerformance(content_id, 'youtube', metricsOf(statistics), { source: 'webhook' });
      if (deps.configuration.WEBHOOK_SECRET === null || signature === null) {
        await track();
        return processed;
      }
      const delivery = { actor: path, key: signature, requestSha256: hashOf(signature) };
      const { kept } = await claimIdempotencyKey(pool, { ...delivery, now: deps.clock.now() });
      if (kept !== null) {
        if (kept.status !== null) return processed;
        void reply.header('retry-after', '1');
        throw new Problem(409, 'This delivery is being worked on: send it again if it is not answered.');
      }
      try {
        await track();
      } catch (error) {
        await releaseIdempotencyKey(pool, delivery.actor, delivery.key);
        throw error;
      }
      await keepAnswer(pool, { ...delivery, status: 200, body: processed, location: null });
      return processed;
    },
  );
}

function metricsOf(statistics: Partial<Record<StatisticName, number | undefined>>): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const name of statisticNames) {
    const value = statistics[name];
    if (value !== undefined) metrics[metricOf[name]] = value;
  }
  const rate = computedEngagementRate({
    views: metrics['views'] ?? null,
    likes: metrics['likes'] ?? null,
    comments: metrics['comments'] ?? null,
    shares: metrics['shares'] ?? null,
  });
  return rate === null ? metrics : { ...metrics, engagement_rate: rate };
}

/** @throws Problem 401 */
function requireSignature(request: FastifyRequest, { configuration, clock }: ServerDependencies): void {
  const { WEBHOOK_SECRET: secret, HTTP_HOST: host, HTTP_TRUST_PROXY: behindProxy } = configuration;
  if (secret === null) {
    if (isLoopbackName(host) && !behindProxy) return;
    throw new Problem(401, 'Beyond loopback a webhook is signed: set WEBHOOK_SECRET here and at its sender.');
  }
  const refusal = new Problem(
    401,
    'The delivery is not signed as it should be: see X-Tidemark-Timestamp and X-Tidemark-Signature in /docs.',
  );
  const timestamp = request.headers['x-tidemark-timestamp'];
  const signature = signatureOf(request);
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp) || signature === null) throw refusal;
  const expected = createHmac('sha256', secret.reveal())
    .update(`${timestamp}.`)
    .update(request.rawBody ?? '')
    .digest();
  if (!timingSafeEqual(Buffer.from(signature, 'hex'), expected)) throw refusal;
  // Told only to whoever holds the secret.
  if (Math.abs(clock.now().getTime() - Number(timestamp) * 1_000) > windowMs)
    throw new Problem(401, 'The delivery’s X-Tidemark-Timestamp is more than five minutes from now.');
}

/** The signature's hex digits; null where there is none of that form. */
function signatureOf(request: FastifyRequest): string | null {
  const told = request.headers['x-tidemark-signature'];
  return typeof told === 'string'
    ? (/^sha256=([0-9a-f]{64})$/i.exec(told)?.[1]?.toLowerCase() ?? null)
    : null;
}
