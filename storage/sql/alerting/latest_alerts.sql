-- Grain: one row per (rule_id, brand_id): its latest alert, open or resolved, with its evaluation.
-- Read by: storage.alerting. A resolved one is needed too: it keeps an old window from opening its
-- incident again.
SELECT alert.* EXCLUDE (verdict, verdict_at), evaluation.* EXCLUDE (rule_id, brand_id, evaluated_at)
FROM fct_alerts AS alert
JOIN fct_alert_evaluations AS evaluation USING (rule_id, brand_id, evaluated_at)
QUALIFY row_number() OVER (
    PARTITION BY alert.rule_id, alert.brand_id ORDER BY alert.opened_at DESC, alert.fingerprint
) = 1
ORDER BY alert.rule_id, alert.brand_id;
