import type { Pool } from 'pg';
import { renderToString } from 'preact-render-to-string';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Annotations } from '../../../server/pages/release/annotations.js';
import { annotationsOfRelease } from '../../../store/annotations.js';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';

let site: TestSite;
let pool: Pool;
let analyst: PageVisitor;
let releaseId: number;
beforeAll(async () => {
  site = await createTestSite();
  pool = ownerPool(site);
  const artist = await addArtist(pool, 'Ours');
  releaseId = (await addRelease(pool, { artistId: artist.id, title: 'Neap', state: 'approved' })).id;
  analyst = await visitAs(site, 'analyst', [artist.id]);
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

const told = {
  text: '<b>Playlist</b> 🌊',
  at: '2026-03-04T12:30',
  zone: 'Asia/Kathmandu',
  platform: 'spotify',
};

describe('annotations', () => {
  it('are added once, at the moment in the zone told, and lead back to where the form stood', async () => {
    const back = `/releases/${releaseId}?range=7d#annotations`;
    for (let i = 0; i < 2; i += 1) {
      const answer = await analyst.post(`/releases/${releaseId}/annotations`, {
        ...told,
        back,
        _form: 'one',
      });
      expect([answer.statusCode, answer.headers.location]).toEqual([303, back]);
    }
    expect(await annotationsOfRelease(pool, releaseId)).toMatchObject([
      { text: told.text, platform: 'spotify', at: new Date('2026-03-04T06:45:00Z') },
    ]);
  });

  it('are refused with the reason: no text, no zone, a time that the clocks left out, another site to go to', async () => {
    const post = (more: Partial<typeof told> & { back?: string }) =>
      analyst.post(`/releases/${releaseId}/annotations`, { ...told, ...more });
    expect((await post({ text: ' ' })).statusCode).toBe(400);
    expect((await post({ zone: 'Mars/Base' })).body).toContain('is no time zone');
    expect((await post({ at: '2026-03-29T02:30', zone: 'Europe/Berlin' })).body).toContain(
      'clocks were set on',
    );
    expect(await annotationsOfRelease(pool, releaseId)).toHaveLength(1);
    expect((await post({ text: 'Other', back: 'https://elsewhere.example/' })).headers.location).toBe('/');
  });

  it('are removed, by those who may and nobody else', async () => {
    const [annotation] = await annotationsOfRelease(pool, releaseId);
    const path = `/annotations/${annotation!.id}/remove`;
    const viewer = await visitAs(site, 'viewer');
    expect((await viewer.post(path)).statusCode).toBe(403);
    const stranger = await visitAs(site, 'analyst', [(await addArtist(pool, 'Others')).id]);
    expect((await stranger.post(path)).statusCode).toBe(404);
    expect((await stranger.post(`/releases/${releaseId}/annotations`, told)).statusCode).toBe(404);
    expect(await annotationsOfRelease(pool, releaseId)).toHaveLength(2);
    expect((await analyst.post(path)).statusCode).toBe(303);
    expect(await annotationsOfRelease(pool, releaseId)).toHaveLength(1);
    expect((await analyst.post(path)).statusCode).toBe(404);
  });

  it('are drawn without running what they say, and without controls for a viewer', () => {
    const annotations = [{ id: '7', releaseId, platform: null, at: new Date(0), text: '<script>x</script>' }];
    const drawn = (may: boolean): string =>
      renderToString(
        Annotations({
          ...{ releaseId, annotations, back: '/releases/1', now: new Date(0) },
          viewer: { actor: 'somebody', csrfToken: 'token', may: () => may },
        }),
      );
    expect(drawn(true)).toContain('action="/annotations/7/remove"');
    expect(drawn(true)).not.toContain('<script>');
    expect(drawn(false)).not.toContain('<form');
    expect(drawn(false)).toContain('takes a key of an analyst');
  });
});
