-- Grain: one row per source of $source_ids, or per source when that is NULL.
-- Read by: storage.loading.read_states.
SELECT
    source_id, etag, last_modified, body_hash, failure_score, next_fetch_at, last_success_at,
    last_new_at, unchanged_count, seen, shared_urls, memory, listed,
    missing
FROM source_states
WHERE $source_ids IS NULL OR list_contains(CAST($source_ids AS TEXT []), source_id)
ORDER BY source_id;
