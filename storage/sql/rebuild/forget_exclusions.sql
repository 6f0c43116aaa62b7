-- Grain: one row per exclusion that is too old. Read by: storage.rebuilding.
DELETE FROM fct_exclusions WHERE excluded_at < CAST($oldest AS TIMESTAMPTZ);
