-- Grain: one row: share of the visits of the newest run that succeeded; 0 when none began at or after
-- $since: a night in which nobody looked says nothing.
-- Read by: storage.counts.
SELECT coalesce(count(*) FILTER (status IN ('ok', 'unchanged')) / nullif(count(*), 0), 0)
FROM fct_source_runs
WHERE run_id = (SELECT arg_max(run_id, (started_at, run_id)) FROM fct_source_runs)
    AND started_at >= CAST($since AS TIMESTAMPTZ);
