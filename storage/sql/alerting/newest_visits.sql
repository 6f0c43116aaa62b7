-- Grain: one row: how the newest run went; zeros and NULL before the first.
-- Read by: storage.alert_context.
SELECT
    count(*) FILTER (status IN ('ok', 'unchanged')),
    count(*),
    max(started_at)
FROM fct_source_runs
WHERE run_id = (SELECT arg_max(run_id, (started_at, run_id)) FROM fct_source_runs);
