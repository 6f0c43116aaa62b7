-- Grain: one row per source that left the configuration. Read by: storage.dimensions.
UPDATE dim_sources SET is_active = false, updated_at = CAST($now AS TIMESTAMPTZ)
WHERE is_active AND source_id NOT IN (SELECT source_id FROM incoming_sources);
