/** What Google answers, as far as it is read. Fields that are hidden or were not asked for are absent. */
import { z } from 'zod';

/** Counts are decimal strings; absent where hidden. */
const count = z
  .union([z.string().regex(/^\d{1,19}$/, 'not a count'), z.number().int().nonnegative()])
  .transform(Number);

const pageInfo = z.object({ totalResults: z.number().int().nonnegative() });

/**
 * A list's envelope. Its kind must be told, and items may be absent only where the answer says that there are
 * none (channels.list does so): `{}` must never read as «all gone».
 */
function listOf<Kind extends string, Item extends z.ZodType>(kind: Kind, item: Item) {
  return z
    .object({
      kind: z.literal(kind),
      items: z.array(item).optional(),
      nextPageToken: z.string().min(1).optional(),
      pageInfo: pageInfo.optional(),
    })
    .refine((list) => list.items !== undefined || list.pageInfo?.totalResults === 0, {
      path: ['items'],
      message: 'missing',
    })
    .transform((list) => ({ ...list, items: list.items ?? [] }));
}

export const channelList = listOf(
  'youtube#channelListResponse',
  z.object({
    id: z.string().min(1),
    snippet: z.object({ title: z.string() }).optional(),
    contentDetails: z
      .object({ relatedPlaylists: z.object({ uploads: z.string().min(1).optional() }) })
      .optional(),
    statistics: z
      .object({
        viewCount: count.optional(),
        subscriberCount: count.optional(),
        hiddenSubscriberCount: z.boolean().optional(),
        videoCount: count.optional(),
      })
      .optional(),
  }),
);
export type Channel = z.infer<typeof channelList>['items'][number];

export const playlistItemList = listOf(
  'youtube#playlistItemListResponse',
  z
    .object({
      contentDetails: z.object({ videoId: z.string().min(1).optional() }).optional(),
      snippet: z
        .object({ resourceId: z.object({ videoId: z.string().min(1).optional() }).optional() })
        .optional(),
    })
    .transform((item) => item.contentDetails?.videoId ?? item.snippet?.resourceId?.videoId ?? null),
);

export const videoList = listOf(
  'youtube#videoListResponse',
  z.object({
    id: z.string().min(1),
    snippet: z
      .object({
        publishedAt: z.iso.datetime({ offset: true }).optional(),
        channelId: z.string().optional(),
        title: z.string().optional(),
        description: z.string().optional(),
        channelTitle: z.string().optional(),
        tags: z.array(z.string()).optional(),
        categoryId: z.string().optional(),
        liveBroadcastContent: z.string().optional(),
        defaultLanguage: z.string().optional(),
        defaultAudioLanguage: z.string().optional(),
      })
      .optional(),
    contentDetails: z
      .object({
        duration: z.string().optional(),
        definition: z.string().optional(),
        caption: z.string().optional(),
        licensedContent: z.boolean().optional(),
      })
      .optional(),
    statistics: z
      .object({ viewCount: count.optional(), likeCount: count.optional(), commentCount: count.optional() })
      .optional(),
  }),
);
export type Video = z.infer<typeof videoList>['items'][number];

/**
 * Items may be absent here without a word on why: the envelope has no page info. The caller asks videos.list
 * before it believes that none of the ids is there.
 */
export const videoStatsList = z.object({
  kind: z.literal('youtube#batchGetStatsResponse'),
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        statistics: z
          .object({
            viewCount: count.optional(),
            likeCount: count.optional(),
            commentCount: count.optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});

const cell = z.union([z.string(), z.number(), z.null()]);

/** A table to be read by its header; without `rows` when it is empty. */
export const resultTable = z
  .object({
    kind: z.literal('youtubeAnalytics#resultTable'),
    columnHeaders: z.array(z.object({ name: z.string().min(1) })).min(1),
    rows: z.array(z.array(cell)).optional(),
  })
  .refine((table) => (table.rows ?? []).every((row) => row.length === table.columnHeaders.length), {
    path: ['rows'],
    message: 'a row is not as long as the header',
  });
export type ResultTable = z.infer<typeof resultTable>;

export const tokenGrant = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** `{error: {code, message, errors: [{reason, domain}], details: [{reason}]}}`. */
export const apiErrorBody = z.object({
  error: z.object({
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional(), domain: z.string().optional() })).optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});
