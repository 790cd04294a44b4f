import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMovers, type MoverOrder } from '../../../store/overview.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { seedContent, seedRelease } from '../sql/seed.js';

let database: TestDatabase;
/** Contents told of by several bases, which say different things, some of them of some days alone. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  const { releaseId } = await seedRelease(pool, 'Movers');
  for (let n = 0; n < 15; n += 1)
    await seedContent(
      pool,
      n % 3 === 0 ? 'spotify' : 'youtube',
      `c${String(n)}`,
      n % 4 === 0 ? releaseId : null,
    );
  await pool.query(
    `insert into content_performance_history (content_id, day, basis, views, streams)
     select c.id, '2026-01-01'::date + d, b,
       case when c.platform = 'youtube' and (d + b + c.id) % 3 > 0 then (c.id * 37 + d * 11 + b * 5) % 97 end,
       case when (d * b + c.id) % 4 > 0 then (c.id * 13 + d * 7 + b) % 50 end
     from contents c cross join generate_series(0, 27) d cross join generate_series(1, 4) b
     where (c.id + d * b) % 5 > 0 and not (c.id % 7 = 0 and d < 14)`,
  );
});
afterAll(() => database.drop());

const periods = {
  from: '2026-01-15',
  to: '2026-01-28',
  compared: { from: '2026-01-01', to: '2026-01-14' },
};

const ranks: Readonly<Record<MoverOrder, string>> = {
  difference: 'abs(g.current - g.former)',
  gain: 'g.current',
  growth: 'case when g.former > 0 then g.current / g.former end',
};

test.each(Object.keys(ranks) as MoverOrder[])(
  'movers by %s go by the strongest value of each day',
  async (order) => {
    for (const platforms of [null, ['youtube']]) {
      const { rows } = await database.pool.query<{
        contentId: number;
        current: number;
        former: number | null;
      }>(
        `select g.id as "contentId", g.current, g.former
       from (
         select c.id,
           coalesce(sum(d.views) filter (where d.day >= $1), sum(d.streams) filter (where d.day >= $1)) as current,
           case when sum(d.views) filter (where d.day >= $1) is not null
             then sum(d.views) filter (where d.day < $2) else sum(d.streams) filter (where d.day < $2) end as former
         from contents c
         join effective_days d on d.content_id = c.id and d.day < $3
         where $4::text[] is null or c.platform = any($4)
         group by c.id
       ) g
       where g.current is not null
       order by ${ranks[order]} desc nulls last, g.current desc, g.id`,
        [periods.from, periods.compared.to, periods.to, platforms],
      );
      expect(rows.length).toBeGreaterThan(8);
      for (const limit of [1, 4, 100]) {
        const told = await readMovers(database.pool, { ...periods, platforms, order, limit });
        expect(told.map(({ contentId, current, former }) => ({ contentId, current, former }))).toEqual(
          rows.slice(0, limit),
        );
      }
    }
  },
);
