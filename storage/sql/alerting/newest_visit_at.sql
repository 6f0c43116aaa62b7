-- Grain: one row: when the newest visit began; NULL before the first. Read by: storage.alert_context.
SELECT max(started_at) FROM fct_source_runs;
