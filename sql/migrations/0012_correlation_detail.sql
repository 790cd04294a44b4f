-- What accounts for an association given which it vanishes: some of age, platform and format.
alter table correlation_analysis_results add column confounded_by text[] not null default '{}';
-- What the analysis found beside the coefficient. Of a test: ln p, statistic, parameters, groups, effect sizes,
-- partial correlations and strata. Of a permutation importance (coefficient and limits are its own, p is null):
-- the model's parameters and its share of variance out of sample.
alter table correlation_analysis_results add column detail jsonb;
