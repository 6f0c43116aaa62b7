-- Grain: one row per alert whose fingerprint begins with $start, newest first.
-- Read by: storage.alert_actions.
SELECT fingerprint, state
FROM fct_alerts
WHERE starts_with(fingerprint, $start)
ORDER BY opened_at DESC, fingerprint;
