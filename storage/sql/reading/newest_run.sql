-- newest_run: the run that visited sources last.
-- Grain: one row, none before the first run. Read by: listening.jobs.summary.
SELECT run_id
FROM fct_source_runs
ORDER BY started_at DESC, run_id DESC
LIMIT 1;
