import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, rotateKeys, verifyKey, type RotatedKey } from '../../../services/access-keys.js';
import { listApiKeys, revokeApiKey } from '../../../store/api-keys.js';
import { inTransaction } from '../../../store/queryable.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

const dayMs = 86_400_000;
let now = new Date('2026-03-04T12:00:00Z');
const clock = { now: (): Date => now };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('keys that are rotated', () => {
  it('get successors that may do the same as long, and hold for the grace alone', async () => {
    const { pool } = database;
    const expiresAt = new Date(now.getTime() + 90 * dayMs);
    const made = {
      lasting: await createKey(pool, { name: 'selector', scopes: ['read'] }, clock),
      ending: await createKey(pool, { name: 'script', scopes: ['read', 'write'], expiresAt }, clock),
      revoked: await createKey(pool, { name: 'gone', scopes: ['admin'] }, clock),
    };
    await revokeApiKey(pool, made.revoked.kept.id, now);
    now = new Date(now.getTime() + 60 * dayMs);
    const rotated = await rotateKeys(pool, { ids: null, graceHours: 24 }, clock);
    expect(rotated.map(({ kept, replaced }) => [kept.name, kept.scopes, replaced.id])).toEqual([
      ['selector', ['read'], made.lasting.kept.id],
      ['script', ['read', 'write'], made.ending.kept.id],
    ]);
    expect(rotated.map(({ kept }) => kept.expiresAt)).toEqual([null, new Date(now.getTime() + 90 * dayMs)]);
    const holds = async (key: string): Promise<boolean> => (await verifyKey(pool, key, clock)) !== null;
    expect(await Promise.all([made.lasting.key, rotated[0]!.key].map(holds))).toEqual([true, true]);
    now = new Date(now.getTime() + dayMs);
    expect(await Promise.all([made.lasting.key, rotated[0]!.key].map(holds))).toEqual([false, true]);
    expect(await Promise.all([made.ending.key, rotated[1]!.key].map(holds))).toEqual([false, true]);
  });

  it('end at once without a grace; one that holds no longer is refused', async () => {
    const { pool } = database;
    const before = await listApiKeys(pool);
    const [living] = before.filter(
      ({ name, revokedAt, expiresAt }) => name === 'selector' && revokedAt === null && expiresAt === null,
    );
    const [one, ...others] = await rotateKeys(pool, { ids: [living!.id], graceHours: 0 }, clock);
    expect(others).toEqual([]);
    expect(one!.replaced.revokedAt).toEqual(now);
    await expect(rotateKeys(pool, { ids: [living!.id], graceHours: 0 }, clock)).rejects.toThrow(
      `There is no key ${String(living!.id)} that still holds`,
    );
    expect(await listApiKeys(pool)).toHaveLength(before.length + 1);
  });

  it('can be repeated where the new keys were lost: those are replaced, the first ones keep their grace', async () => {
    const other = await createTestDatabase();
    try {
      const { pool } = other;
      const rotate = (ids: number[] | null = null): Promise<RotatedKey[]> =>
        rotateKeys(pool, { ids, graceHours: 24 }, clock);
      const holds = async (key: string): Promise<boolean> => (await verifyKey(pool, key, clock)) !== null;
      const lasting = await createKey(pool, { name: 'selector', scopes: ['read'] }, clock);

      // One that breaks off halfway has replaced nothing.
      const cut = inTransaction(pool, async (client) => {
        await rotateKeys(client, { ids: null, graceHours: 0 }, clock);
        throw new Error('the power went');
      });
      await expect(cut).rejects.toThrow('the power went');
      expect(await listApiKeys(pool)).toMatchObject([
        { id: lasting.kept.id, revokedAt: null, expiresAt: null },
      ]);
      expect(await holds(lasting.key)).toBe(true);

      const [lost] = await rotate();
      const again = await rotate();
      expect(again.map(({ replaced, kept }) => [replaced.id, kept.expiresAt])).toEqual([
        [lost!.kept.id, null],
      ]);
      const graceEnds = new Date(now.getTime() + dayMs);
      expect(
        (await listApiKeys(pool))
          .filter(({ expiresAt }) => expiresAt !== null)
          .map(({ id, expiresAt }) => [id, expiresAt]),
      ).toEqual([
        [lasting.kept.id, graceEnds],
        [lost!.kept.id, graceEnds],
      ]);
      await expect(rotate([lasting.kept.id])).rejects.toThrow(
        `Key ${String(lasting.kept.id)} has its successor: replace key ${String(again[0]!.kept.id)}`,
      );

      // A successor that was taken back leaves the first one to be replaced, for as long as it lasted.
      await revokeApiKey(pool, again[0]!.kept.id, now);
      expect((await rotate([lasting.kept.id]))[0]!.kept.expiresAt).toBeNull();
      now = graceEnds;
      expect(await holds(lasting.key)).toBe(false);
    } finally {
      await other.drop();
    }
  });
});
