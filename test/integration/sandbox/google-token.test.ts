import { describe, expect, it } from 'vitest';
import { askedSandbox, googleForm, now } from './asking.js';

describe("Google's token endpoint", () => {
  it('grants an access token for the refresh token, which runs out', async () => {
    let clock = now;
    const { post, get } = await askedSandbox({ clock: () => clock });
    const granted = await post<{
      access_token: string;
      expires_in: number;
      token_type: string;
      scope: string;
    }>('/google/token', googleForm());
    expect(granted).toMatchObject({ status: 200, body: { expires_in: 3599, token_type: 'Bearer' } });
    expect(granted.body.scope).toContain('yt-analytics.readonly');
    const ask = async (): Promise<number> =>
      (await get('/google/youtube/v3/channels?part=id&mine=true', granted.body.access_token)).status;
    expect(await ask()).toBe(200);
    clock = new Date(now.getTime() + 3_600_000);
    expect(await ask()).toBe(401);
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['a dead refresh token', { refresh_token: '1//old' }, 400, 'invalid_grant'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %s in OAuth’s own form', async (_title, changes, status, error) => {
    const { post } = await askedSandbox();
    const answer = await post<{ error: string; error_description: string }>(
      '/google/token',
      googleForm(changes),
    );
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.body.error_description).not.toBe('');
  });

  it('refuses what was revoked, at the token endpoint and at the API', async () => {
    const { post, get, googleToken, sandbox } = await askedSandbox();
    const token = await googleToken();
    const id = sandbox.faults.add({ path: '/google/*', kind: 'token-revoked' });
    expect((await post<{ error: string }>('/google/token', googleForm())).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
    expect((await get('/google/youtube/v3/channels?part=id&mine=true', token)).status).toBe(401);
    sandbox.faults.remove(id);
    expect((await get('/google/youtube/v3/channels?part=id&mine=true', token)).status).toBe(200);
  });
});
