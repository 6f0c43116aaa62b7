-- Grain: one row: the verdict that holds on an alert, NULL for none. Read by: storage.alert_actions.
SELECT verdict
FROM fct_alerts
WHERE fingerprint = $fingerprint;
