-- What an association comes to in shares of the outcome's mean, with the limits that its interval gives:
-- {"per": "level", "relative": 0.2, "low": 0.05, "high": 0.36}; null for ranks and where the mean is not positive.
alter table correlation_analysis_results add column effect jsonb;
