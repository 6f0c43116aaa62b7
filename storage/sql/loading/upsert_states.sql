-- Grain: one row per source (incoming_states). Read by: storage.loading.
-- A state never goes backwards: an older batch that is loaded late leaves the newer one alone.
INSERT INTO source_states BY NAME
SELECT * FROM incoming_states
QUALIFY row_number() OVER (
    PARTITION BY source_id ORDER BY visited_at DESC, run_id DESC, batch_id DESC
) = 1
ON CONFLICT (source_id) DO UPDATE SET
    etag = excluded.etag,
    last_modified = excluded.last_modified,
    body_hash = excluded.body_hash,
    failure_score = excluded.failure_score,
    next_fetch_at = excluded.next_fetch_at,
    last_success_at = excluded.last_success_at,
    last_new_at = excluded.last_new_at,
    unchanged_count = excluded.unchanged_count,
    seen = excluded.seen,
    shared_urls = excluded.shared_urls,
    memory = excluded.memory,
    listed = excluded.listed,
    missing = excluded.missing,
    visited_at = excluded.visited_at,
    run_id = excluded.run_id,
    batch_id = excluded.batch_id
WHERE (excluded.visited_at, excluded.run_id, excluded.batch_id)
    > (source_states.visited_at, source_states.run_id, source_states.batch_id);
