-- Grain: one row per alert (incoming_alerts). Read by: storage.alerting.
-- A person's verdict is never touched here.
INSERT INTO fct_alerts BY NAME
SELECT * FROM incoming_alerts
ON CONFLICT (fingerprint) DO UPDATE SET
    severity = excluded.severity,
    state = excluded.state,
    last_breach_at = excluded.last_breach_at,
    changed_at = excluded.changed_at,
    resolved_at = excluded.resolved_at,
    peak_count = excluded.peak_count,
    evaluated_at = excluded.evaluated_at,
    escalated_at = excluded.escalated_at
WHERE excluded.evaluated_at >= fct_alerts.evaluated_at;
