-- Every alert points at the evaluation that explains its present state.
-- Grain: one row per unexplained alert. Read by: storage.checks.
SELECT fingerprint, rule_id, brand_id, evaluated_at
FROM fct_alerts
WHERE (rule_id, brand_id, evaluated_at)
    NOT IN (SELECT (rule_id, brand_id, evaluated_at) FROM fct_alert_evaluations);
