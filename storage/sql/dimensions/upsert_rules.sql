-- Grain: one row per rule of the configuration (incoming_rules). Read by: storage.dimensions.
INSERT INTO dim_alert_rules BY NAME
SELECT *, true AS is_active, CAST($now AS TIMESTAMPTZ) AS updated_at FROM incoming_rules
ON CONFLICT (rule_id) DO UPDATE SET
    kind = excluded.kind,
    severity = excluded.severity,
    brand_ids = excluded.brand_ids,
    definition = excluded.definition,
    is_active = true,
    updated_at = excluded.updated_at
WHERE NOT dim_alert_rules.is_active
    OR CAST(dim_alert_rules.definition AS VARCHAR) <> CAST(excluded.definition AS VARCHAR);
