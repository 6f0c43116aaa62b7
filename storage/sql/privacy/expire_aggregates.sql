-- Grain: one row per visit, look, closed alert and settled mail before limit_at.
-- Read by: storage.retention.
DELETE FROM fct_source_runs WHERE started_at < (SELECT before FROM limit_at);
DELETE FROM fct_alerts
WHERE state = 'resolved' AND changed_at < (SELECT before FROM limit_at);
DELETE FROM fct_alert_evaluations AS look
WHERE evaluated_at < (SELECT before FROM limit_at)
    AND NOT EXISTS (
        SELECT 1 FROM fct_alerts AS alert
        WHERE (alert.rule_id, alert.brand_id, alert.evaluated_at)
            = (look.rule_id, look.brand_id, look.evaluated_at)
    );
DELETE FROM outbox
WHERE created_at < (SELECT before FROM limit_at) AND (sent_at IS NOT NULL OR is_given_up);
