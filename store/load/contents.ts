import type { ContentName } from '../../contracts/snapshot-columns.js';
import type { Platform } from '../../contracts/vocabulary.js';
import { queryRows, type Queryable } from '../queryable.js';

const kinds: Partial<Record<Platform, string>> = { youtube: 'video', spotify: 'track' };
/** Names kept beside their ids; a file of any number of contents must not fill the memory. */
const rememberedNames = 200_000;

const find = `
  select c.id, n.position
  from unnest($1::text[], $2::text[]) with ordinality as n (platform, external_id, position)
  join contents c on c.platform = n.platform and c.external_id = n.external_id`;

// Somebody may have made a content under the platform's own key without telling the platform's id.
const findByKey = `
  select c.id, n.position
  from unnest($1::text[]) with ordinality as n (content_key, position)
  join contents c on c.content_key = n.content_key`;

// In order of key, so that two loads that meet the same new contents wait for each other and never in a ring.
const create = `
  insert into contents (content_key, platform, external_id, kind, account_id)
  select n.platform || ':' || n.external_id, n.platform, n.external_id, n.kind, a.id
  from unnest($1::text[], $2::text[], $3::text[]) as n (platform, external_id, kind)
  left join accounts a on a.id = $4::integer and a.platform = n.platform
  order by n.platform, n.external_id
  on conflict do nothing`;

interface Found {
  id: number;
  position: string;
}

/** Finds the ids of contents, making unlinked ones of those that are unknown. One for a load. */
export class ContentResolver {
  private readonly committed = new Map<string, number>();
  private pending = new Map<string, number>();

  constructor(private readonly accountId: number | null) {}

  /**
   * Ids in the order of the names. Those found in a transaction that is rolled back must not be used again:
   * see `settle`.
   * @throws StoreError
   */
  async resolve(db: Queryable, names: readonly ContentName[]): Promise<Int32Array> {
    const ids = new Int32Array(names.length);
    const unknown: number[] = [];
    names.forEach((name, index) => {
      const id = this.committed.get(keyOf(name));
      if (id === undefined) unknown.push(index);
      else ids[index] = id;
    });
    if (unknown.length === 0) return ids;
    let open = await this.lookUp(db, find, namesOf(names, unknown), names, unknown, ids);
    if (open.length > 0) {
      const kind = open.map((index) => kinds[names[index]!.platform] ?? 'post');
      await db.query(create, [...namesOf(names, open), kind, this.accountId]);
      open = await this.lookUp(db, find, namesOf(names, open), names, open, ids);
    }
    if (open.length > 0) {
      await this.lookUp(db, findByKey, [open.map((index) => keyOf(names[index]!))], names, open, ids);
    }
    return ids;
  }

  /** Tells whether the transaction of the last `resolve` came through. */
  settle(committed: boolean): void {
    if (committed) {
      if (this.committed.size + this.pending.size > rememberedNames) this.committed.clear();
      for (const [key, id] of this.pending) this.committed.set(key, id);
    }
    this.pending = new Map();
  }

  private async lookUp(
    db: Queryable,
    statement: string,
    parameters: readonly string[][],
    names: readonly ContentName[],
    indexes: readonly number[],
    ids: Int32Array,
  ): Promise<number[]> {
    for (const row of await queryRows<Found>(db, statement, parameters)) {
      const index = indexes[Number(row.position) - 1]!;
      ids[index] = row.id;
      this.pending.set(keyOf(names[index]!), row.id);
    }
    return indexes.filter((index) => ids[index] === 0);
  }
}

function keyOf(name: ContentName): string {
  return `${name.platform}:${name.externalId}`;
}

function namesOf(names: readonly ContentName[], indexes: readonly number[]): [string[], string[]] {
  return [indexes.map((index) => names[index]!.platform), indexes.map((index) => names[index]!.externalId)];
}
