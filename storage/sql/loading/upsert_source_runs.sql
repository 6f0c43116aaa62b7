-- Grain: one row per visit (incoming_source_runs). Read by: storage.loading.
-- One run visits a source once; when two batches claim the visit, the later one is kept.
INSERT INTO fct_source_runs BY NAME
SELECT * FROM incoming_source_runs
QUALIFY row_number() OVER (
    PARTITION BY run_id, source_id ORDER BY started_at DESC, batch_id DESC
) = 1
ON CONFLICT (run_id, source_id) DO UPDATE SET
    batch_id = excluded.batch_id,
    started_at = excluded.started_at,
    status = excluded.status,
    reason = excluded.reason,
    http_status = excluded.http_status,
    duration_s = excluded.duration_s,
    byte_count = excluded.byte_count,
    document_count = excluded.document_count,
    new_count = excluded.new_count,
    changed_count = excluded.changed_count,
    faults = excluded.faults,
    is_used_up = excluded.is_used_up
WHERE (excluded.started_at, excluded.batch_id)
    > (fct_source_runs.started_at, fct_source_runs.batch_id);
