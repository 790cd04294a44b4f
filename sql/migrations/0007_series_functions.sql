-- Slope, growth and moving average for queries by hand and for pages; each is null where it has no meaning.

-- Least-squares slope a day of values over days: an aggregate, and over a window too. Pairs with a null are
-- left out; null with fewer than two different days.
create function performance_slope_step(state double precision[], value double precision, day date)
returns double precision[] language sql immutable strict parallel safe as $$
  select float8_regr_accum(state, value, (day - date '2000-01-01')::double precision);
$$;
create aggregate performance_slope(value double precision, day date) (
  sfunc = performance_slope_step, stype = double precision[],
  finalfunc = float8_regr_slope, combinefunc = float8_regr_combine,
  initcond = '{0,0,0,0,0,0}', parallel = safe
);
comment on aggregate performance_slope(double precision, date) is
  'Least-squares slope a day; null with fewer than two different days.';

-- Relative growth, 0.25 for a quarter more: `performance_growth(views, lag(views) over (order by day))`.
-- Null where either value is, and where the former is not above zero, since nothing grows from there.
create function performance_growth(current_value double precision, former_value double precision)
returns double precision language sql immutable strict parallel safe as $$
  select case when former_value > 0 then (current_value - former_value) / former_value end;
$$;
comment on function performance_growth(double precision, double precision) is
  'Relative growth as a fraction; null where the former value is not above zero.';

-- Mean of the window's known values, `moving_average(views, 4) over (order by day rows 6 preceding)`, null where
-- fewer than the given number of them are known: a mean over gaps is not a mean over the window.
create function moving_average_step(state double precision[], value double precision, least_known integer)
returns double precision[] language sql immutable parallel safe as $$
  select case
    when value is null then array[state[1], state[2], least_known]
    else array[state[1] + 1, state[2] + value, least_known]
  end;
$$;
create function moving_average_value(state double precision[]) returns double precision
language sql immutable strict parallel safe as $$
  select case when state[1] >= greatest(state[3], 1) then state[2] / state[1] end;
$$;
create aggregate moving_average(value double precision, least_known integer) (
  sfunc = moving_average_step, stype = double precision[], finalfunc = moving_average_value,
  initcond = '{0,0,1}', parallel = safe
);
comment on aggregate moving_average(double precision, integer) is
  'Mean of the known values; null where fewer than least_known of them are known.';

-- What was known of a content's metric at a moment: the current values with every later revision taken back,
-- effective by precedence then. A day's metric goes by its own name, its close by `<metric>_close`.
create function performance_as_of(content_id text, metric_name text, moment timestamptz)
returns table (
  grain text, recorded_at timestamptz, day date, metric_value double precision, source text
) language plpgsql stable as $$
#variable_conflict use_column
declare
  known_content integer := (select c.id from contents c where c.content_key = performance_as_of.content_id);
  -- Other columns of the facts are no metrics, whatever a caller names.
  has_column boolean := exists (
    select from metrics m where m.wide and performance_as_of.metric_name in (m.name, m.name || '_close'));
begin
  return query
    select distinct on (t.grain, t.recorded_at, t.day) t.grain, t.recorded_at, t.day, t.value, o.name
    from (
      select f.grain, f.recorded_at, f.day, f.source,
        case when r.found then r.old_value else f.value end as value
      from (
        select 'instant' as grain, s.recorded_at, null::date as day, s.source,
          (case when has_column then to_jsonb(s) ->> performance_as_of.metric_name
            else s.extra ->> performance_as_of.metric_name end)::double precision as value
        from engagement_snapshots s
        where s.content_id = known_content and s.first_observed_at <= performance_as_of.moment
        union all
        select 'day', null, h.day, h.basis,
          (case when has_column then to_jsonb(h) ->> performance_as_of.metric_name
            else coalesce(h.extra -> 'increments' ->> performance_as_of.metric_name,
              case when performance_as_of.metric_name like '%\_close' then
                h.extra -> 'closes' ->> left(performance_as_of.metric_name, -length('_close')) end)
          end)::double precision
        from content_performance_history h
        where h.content_id = known_content and h.first_observed_at <= performance_as_of.moment
      ) f
      left join lateral (
        -- The first change after the moment tells what stood before it. A platform's correction speaks of the
        -- counter, not of a value that was stored, and tells nothing here.
        select true as found, p.old_value
        from performance_revisions p
        where p.content_id = known_content and p.metric = performance_as_of.metric_name
          and p.recorded_at is not distinct from f.recorded_at and p.day is not distinct from f.day
          and p.source = f.source and p.kind <> 'correction' and p.learnt_at > performance_as_of.moment
        order by p.learnt_at, p.id
        limit 1
      ) r on true
    ) t
    join value_sources o on o.source = t.source
    where t.value is not null
    order by t.grain, t.recorded_at, t.day, t.source;
end
$$;
comment on function performance_as_of(text, text, timestamptz) is
  'Values of a content''s metric as they were known at a moment.';
