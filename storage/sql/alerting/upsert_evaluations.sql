-- Grain: one row per evaluation (incoming_evaluations). Read by: storage.alerting.
INSERT INTO fct_alert_evaluations BY NAME
SELECT * FROM incoming_evaluations
ON CONFLICT (rule_id, brand_id, evaluated_at) DO NOTHING;
