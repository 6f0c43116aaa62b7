-- night_sources: how each source of one run went, and whether the run was the newest.
-- Grain: one row per source visited in run $run_id. Read by: listening.jobs.summary.
SELECT
    run.source_id,
    coalesce(nullif(source.title, ''), run.source_id) AS source_title,
    run.status,
    run.reason,
    run.faults,
    run.document_count,
    run.new_count,
    run.changed_count,
    run.duration_s
FROM fct_source_runs AS run
LEFT JOIN dim_sources AS source USING (source_id)
WHERE run.run_id = $run_id
ORDER BY run.status IN ('ok', 'unchanged'), run.source_id;
