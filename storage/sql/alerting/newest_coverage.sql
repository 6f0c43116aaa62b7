-- Grain: one row: share of the visits of the newest run that succeeded; NULL without a run.
-- Read by: storage.counts.
SELECT count(*) FILTER (status IN ('ok', 'unchanged')) / nullif(count(*), 0)
FROM fct_source_runs
WHERE run_id = (SELECT arg_max(run_id, (started_at, run_id)) FROM fct_source_runs);
