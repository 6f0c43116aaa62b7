-- Grain: one row per source. Read by: storage.loading.read_states.
SELECT
    source_id, etag, last_modified, body_hash, failure_score, next_fetch_at, last_success_at,
    last_new_at, unchanged_count, seen, shared_urls, memory
FROM source_states
ORDER BY source_id;
