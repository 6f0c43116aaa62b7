-- Grain: one row per rule that left the configuration. Read by: storage.dimensions.
UPDATE dim_alert_rules SET is_active = false, updated_at = CAST($now AS TIMESTAMPTZ)
WHERE is_active AND rule_id NOT IN (SELECT rule_id FROM incoming_rules);
