-- Three days together may tell what none of them alone does; value and range are then means a day over them.
alter table anomalies add column span_days smallint not null default 1
  constraint anomalies_span_days_check check (span_days >= 1);
comment on column anomalies.span_days is 'Days up to `day` that value, expectation and range are means of.';
