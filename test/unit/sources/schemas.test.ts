import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../../sources/errors.js';
import { parseBody } from '../../../sources/transport/response-body.js';
import { trackBatch } from '../../../sources/spotify/schemas.js';
import {
  channelList,
  playlistItemList,
  resultTable,
  videoList,
  videoStatsList,
} from '../../../sources/youtube/schemas.js';

const schemas = { channelList, playlistItemList, videoList, videoStatsList, resultTable, trackBatch };
const nothings: unknown[] = [
  undefined,
  null,
  '',
  '<!DOCTYPE html><html></html>',
  '{"kind": "youtube#videoListRes',
  {},
  [],
  { items: [] },
  { kind: 'youtube#videoListResponse' },
  { kind: 'youtube#searchListResponse', items: [] },
  { kind: 'youtubeAnalytics#resultTable' },
  { tracks: 'none' },
  0,
  true,
];

describe.each(Object.entries(schemas))('%s', (_name, schema) => {
  it.each(nothings)('takes %j for malformed, not for an empty answer', (body) => {
    expect(() => parseBody<unknown>(schema, body, 'ask')).toThrow(MalformedError);
  });
});

it('says what a body is, and names the field without its value', () => {
  expect(() => parseBody(videoList, '<html>', 'ask')).toThrow('ask: the answer is HTML');
  expect(() => parseBody(videoList, '{"a', 'ask')).toThrow('ask: the answer is no JSON');
  expect(() => parseBody(videoList, '', 'ask')).toThrow('ask: the answer has no body');
  const body = {
    kind: 'youtube#videoListResponse',
    items: [{ id: 'a', statistics: { viewCount: 'SECRET' } }],
  };
  expect(() => parseBody(videoList, body, 'ask')).toThrow(/items\.0\.statistics\.viewCount: (?!.*SECRET)/);
});

describe('videoList', () => {
  it('reads counts, which are strings, and leaves hidden ones out', () => {
    const body = {
      kind: 'youtube#videoListResponse',
      items: [{ id: 'a', statistics: { viewCount: '9007199254740991', favoriteCount: '0' } }],
      pageInfo: { totalResults: 1, resultsPerPage: 1 },
    };
    expect(parseBody(videoList, body, 'ask').items[0]?.statistics).toEqual({
      viewCount: 9_007_199_254_740_991,
    });
  });

  it('takes absent items for none where the page info says none', () => {
    const none = { kind: 'youtube#videoListResponse', pageInfo: { totalResults: 0, resultsPerPage: 0 } };
    expect(parseBody(videoList, none, 'ask').items).toEqual([]);
    const some = { ...none, pageInfo: { totalResults: 3, resultsPerPage: 5 } };
    expect(() => parseBody(videoList, some, 'ask')).toThrow(MalformedError);
  });

  it.each(['-1', '1.5', '', ' 1', '1e3', 'many'])('takes the count %j for malformed', (viewCount) => {
    const body = { kind: 'youtube#videoListResponse', items: [{ id: 'a', statistics: { viewCount } }] };
    expect(() => parseBody(videoList, body, 'ask')).toThrow(MalformedError);
  });
});
