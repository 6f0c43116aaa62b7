-- Grain: one row per source visited in run $run_id. Read by: storage.visits.
SELECT
    run_id,
    source_id,
    started_at,
    status,
    reason,
    http_status,
    duration_s,
    byte_count,
    document_count,
    new_count,
    changed_count,
    faults,
    is_used_up
FROM fct_source_runs
WHERE run_id = $run_id
ORDER BY source_id;
