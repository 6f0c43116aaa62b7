-- Grain: one row per shingle of a text too old to be repeated. Read by: storage.story_assignment.
DELETE FROM story_shingles
WHERE seen_on < (
    SELECT CAST(max(first_seen_at) - to_microseconds($window_us) AS DATE) - 1 FROM fct_documents
);
