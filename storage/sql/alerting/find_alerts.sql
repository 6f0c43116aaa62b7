-- Grain: one row per alert whose fingerprint begins with $start, newest first, with its evaluation.
-- Read by: storage.alerting.
SELECT alert.* EXCLUDE (verdict, verdict_at), evaluation.* EXCLUDE (rule_id, brand_id, evaluated_at)
FROM fct_alerts AS alert
JOIN fct_alert_evaluations AS evaluation USING (rule_id, brand_id, evaluated_at)
WHERE starts_with(alert.fingerprint, $start)
ORDER BY alert.opened_at DESC, alert.fingerprint;
