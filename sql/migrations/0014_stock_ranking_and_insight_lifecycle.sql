-- The ranking of stock sources for queries by hand; what became of each insight, and whether its prediction held.

-- Every source that was used by a day, best first: a multiple-membership model over the scored releases, each
-- weighed by its decay, with the strength of the shrinkage integrated out over twelve values. It is the same as
-- the program's own (analytics/stock-posterior.ts), which tells the reasons too; docs/methods.md has the formulas.
-- Its time goes with the cube of the number of sources.
create function stock_source_ranking(
  as_of date, half_life_days double precision default 30, only_artist integer default null
) returns table (
  rank integer, source_name text, score double precision, lower double precision, upper double precision,
  deviation double precision, releases integer, low_evidence boolean, last_used timestamptz
) language plpgsql stable as $$
#variable_conflict use_variable
declare
  neutral_score constant double precision := 5;
  neutral_weight constant double precision := 2;
  neutral_variance constant double precision := 100 / 12.0;
  variance_degrees constant double precision := 3;
  cauchy_scale constant double precision := 2;
  nodes constant integer := 12;
  reach constant double precision := 1.959963984540054;
  names text[];
  used timestamptz[];
  counts integer[];
  matrix double precision[];
  right_side double precision[];
  total double precision;
  squares double precision;
  sources integer;
  size integer;
  whole double precision;
  degrees double precision;
  ratio double precision;
  work double precision[];
  inverse double precision[];
  effects double precision[];
  log_determinant double precision;
  residual double precision;
  spread double precision;
  logs double precision[];
  means double precision[];
  variances double precision[];
  probability double precision;
  probabilities double precision := 0;
  mean double precision;
  sum double precision;
  i integer;
  j integer;
  k integer;
begin
  if not (half_life_days > 0) then
    raise exception 'A half-life is longer than nothing' using errcode = 'invalid_parameter_value';
  end if;
  with events as (
    -- Past 500 half-lives nothing is left in any figure, and squares of decays would underflow.
    select e.release_id, e.performance_score - neutral_score as score,
      power(2, -least((as_of - e.event_day) / half_life_days, 500)) as decay
    from stock_performance_events e
    join releases r on r.id = e.release_id
    where e.superseded_at is null and e.event_day <= as_of and (only_artist is null or r.artist_id = only_artist)
  ), usages as (
    select u.source_name as name, u.release_id, u.used_at
    from stock_clip_usages u
    join releases r on r.id = u.release_id
    where (only_artist is null or r.artist_id = only_artist)
      and (u.used_at < (as_of + 1)::timestamp at time zone 'UTC'
        or u.release_id in (select e.release_id from events e))
  ), known as (
    select u.name, row_number() over (order by u.name collate "C")::integer as place, max(u.used_at) as last_used
    from usages u
    group by u.name
  ), clips as (
    select u.release_id, u.name, count(*) / sum(count(*)) over (partition by u.release_id)::double precision as share
    from usages u
    group by u.release_id, u.name
  ), scored as (
    select e.release_id, e.score, e.decay,
      e.decay * sum(e.decay) over () / sum(e.decay * e.decay) over () as weight
    from events e
    where e.release_id in (select c.release_id from clips c)
  ), shares as (
    select s.release_id, n.place, c.share, s.weight, s.score
    from clips c
    join known n on n.name = c.name
    join scored s on s.release_id = c.release_id
  ), cells as (
    select a.place as at_row, b.place as at_column, sum(a.weight * a.share * b.share) as value
    from shares a
    join shares b on b.release_id = a.release_id
    group by a.place, b.place
    union all
    select 0, s.place, sum(s.weight * s.share) from shares s group by s.place
    union all
    select s.place, 0, sum(s.weight * s.share) from shares s group by s.place
    union all
    select 0, 0, sum(s.weight) from scored s
  )
  select
    (select array_agg(n.name order by n.place) from known n),
    (select array_agg(n.last_used order by n.place) from known n),
    (select array_agg((select count(*) from shares s where s.place = n.place)::integer order by n.place) from known n),
    (select array_agg(coalesce(c.value, 0) order by a.place, b.place)
      from (select 0 as place union all select n.place from known n) a
      cross join (select 0 as place union all select n.place from known n) b
      left join cells c on c.at_row = a.place and c.at_column = b.place),
    (select array_agg(coalesce(s.value, 0) order by a.place)
      from (select 0 as place union all select n.place from known n) a
      left join (
        select s.place, sum(s.weight * s.share * s.score) as value from shares s group by s.place
        union all
        select 0, sum(s.weight * s.score) from scored s
      ) s on s.place = a.place),
    coalesce((select sum(s.weight) from scored s), 0),
    coalesce((select sum(s.weight * s.score * s.score) from scored s), 0)
  into names, used, counts, matrix, right_side, total, squares;
  sources := coalesce(cardinality(names), 0);
  size := sources + 1;
  degrees := variance_degrees + total;
  whole := (neutral_weight * neutral_variance
    + case when total > 0 then greatest(0, squares - right_side[1] ^ 2 / total) else 0 end) / (neutral_weight + total);
  means := array_fill(0::double precision, array[greatest(1, nodes * sources)]);
  variances := means;
  for node in 1..nodes loop
    ratio := cauchy_scale * tan(pi() / 2 * ((node - 0.5) / nodes));
    work := matrix;
    work[1] := work[1] + neutral_weight;
    for k in 2..size loop
      work[(k - 1) * size + k] := work[(k - 1) * size + k] + 1 / (ratio * ratio);
    end loop;
    -- Cholesky's factor in the lower triangle.
    log_determinant := 0;
    for j in 1..size loop
      for i in j..size loop
        sum := work[(i - 1) * size + j];
        for k in 1..j - 1 loop
          sum := sum - work[(i - 1) * size + k] * work[(j - 1) * size + k];
        end loop;
        work[(i - 1) * size + j] := case when i = j then sqrt(sum) else sum / work[(j - 1) * size + j] end;
      end loop;
      log_determinant := log_determinant + 2 * ln(work[(j - 1) * size + j]);
    end loop;
    inverse := array_fill(0::double precision, array[size * size]);
    for j in 1..size loop
      inverse[(j - 1) * size + j] := 1 / work[(j - 1) * size + j];
      for i in j + 1..size loop
        sum := 0;
        for k in j..i - 1 loop
          sum := sum - work[(i - 1) * size + k] * inverse[(k - 1) * size + j];
        end loop;
        inverse[(i - 1) * size + j] := sum / work[(i - 1) * size + i];
      end loop;
    end loop;
    effects := array_fill(0::double precision, array[size]);
    for i in 1..size loop
      sum := 0;
      for j in 1..i loop
        sum := sum + inverse[(i - 1) * size + j] * right_side[j];
      end loop;
      for j in 1..i loop
        effects[j] := effects[j] + inverse[(i - 1) * size + j] * sum;
      end loop;
    end loop;
    residual := squares;
    for i in 1..size loop
      residual := residual - right_side[i] * effects[i];
    end loop;
    spread := variance_degrees * whole + greatest(0, residual);
    logs[node] := (-sources * ln(ratio * ratio) - log_determinant - degrees * ln(spread)) / 2;
    for k in 1..sources loop
      means[(node - 1) * sources + k] := effects[1] + effects[k + 1];
      sum := 0;
      for i in 1..size loop
        sum := sum + (inverse[(i - 1) * size + 1] + inverse[(i - 1) * size + k + 1]) ^ 2;
      end loop;
      variances[(node - 1) * sources + k] := sum * spread / (degrees - 2);
    end loop;
  end loop;
  mean := (select max(l) from unnest(logs) l);
  -- Past exp(−700) Postgres raises an underflow.
  logs := array(select exp(greatest(-700, l - mean)) from unnest(logs) with ordinality as t (l, place) order by place);
  probabilities := (select sum(l) from unnest(logs) l);
  return query
    select (row_number() over (order by s.score desc, s.name collate "C"))::integer, s.name,
      least(10, greatest(0, s.score)), greatest(0, least(10, greatest(0, s.score)) - reach * s.deviation),
      least(10, least(10, greatest(0, s.score)) + reach * s.deviation), s.deviation, s.releases, s.releases < 5, s.last_used
    from (
      select m.name, neutral_score + m.mean as score, sqrt(greatest(0, m.squares - m.mean ^ 2)) as deviation,
        m.releases, m.last_used
      from (
        select names[p.place] as name, counts[p.place] as releases, used[p.place] as last_used,
          sum(logs[n.node] / probabilities * means[(n.node - 1) * sources + p.place]) as mean,
          sum(logs[n.node] / probabilities * (variances[(n.node - 1) * sources + p.place]
            + means[(n.node - 1) * sources + p.place] ^ 2)) as squares
        from generate_series(1, sources) as p (place)
        cross join generate_series(1, nodes) as n (node)
        group by p.place
      ) m
    ) s
    order by 1;
end
$$;
comment on function stock_source_ranking(date, double precision, integer) is
  'Stock sources as of a day, best first, with 95 % intervals; the same as the program’s ranking.';

-- What was done about an insight, by whom and why, with the evidence as it stood then.
create table insight_events (
  id bigint generated always as identity constraint insight_events_pkey primary key,
  insight_id bigint not null constraint insight_events_insight_id_fkey references optimization_insights (id),
  action text not null constraint insight_events_action_check
    check (action in ('found', 'accepted', 'dismissed', 'snoozed', 'woken', 'reopened', 'outdated')),
  at timestamptz not null,
  -- Who decided; null where a run did.
  actor text,
  note text,
  from_status text,
  to_status text not null,
  snoozed_until date,
  -- {"rank": 0.4, "title": "…", "affected_content": […], "data_supporting": {…}}
  evidence jsonb not null,
  run_id bigint
);
create index insight_events_insight_idx on insight_events (insight_id, id desc); -- an insight's history, its last decision

-- An insight's words and figures as they stand, for the evidence of an event.
create function insight_snapshot(insight optimization_insights) returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('rank', insight.rank, 'title', insight.title,
    'affected_content', to_jsonb(insight.affected_content), 'data_supporting', insight.data_supporting);
$$;

-- Whether a prediction held, once its horizon has passed: for accepted insights, and for dismissed ones as a control.
create table insight_outcomes (
  id bigint generated always as identity constraint insight_outcomes_pkey primary key,
  insight_id bigint not null constraint insight_outcomes_insight_id_fkey references optimization_insights (id),
  -- The decision that it follows.
  event_id bigint not null constraint insight_outcomes_event_id_fkey references insight_events (id),
  metric text not null,
  unit text not null,
  -- The last day that the prediction speaks of.
  horizon_day date not null,
  predicted_low double precision not null,
  predicted double precision not null,
  predicted_high double precision not null,
  -- What was to be expected without doing anything.
  baseline double precision not null,
  -- Null where it cannot be told, with the reason.
  actual double precision,
  points integer not null,
  verdict text not null constraint insight_outcomes_verdict_check
    check (verdict in ('held', 'partly', 'missed', 'cannot_tell')),
  reason text,
  method_version text not null,
  run_id bigint,
  checked_at timestamptz not null,
  constraint insight_outcomes_key unique (event_id)
);
create index insight_outcomes_insight_idx on insight_outcomes (insight_id); -- an insight's outcomes

do $$
declare
  every_artist constant text := '(select session_sees_every_artist())';
  -- To see the insight is to see what became of it.
  own_insight constant text := every_artist || ' or insight_id in (select i.id from optimization_insights i)';
begin
  perform secure_table('insight_events', own_insight, 'select, insert');
  perform secure_table('insight_outcomes', own_insight);
end
$$;
