-- Grain: one row per source that was visited. Read by: storage.visits.
SELECT source_id, next_fetch_at
FROM source_states;
