-- Grain: one row per topic that left the configuration. Read by: storage.dimensions.
UPDATE dim_topics SET is_active = false, updated_at = CAST($now AS TIMESTAMPTZ)
WHERE is_active AND topic_id NOT IN (SELECT topic_id FROM incoming_topics);
