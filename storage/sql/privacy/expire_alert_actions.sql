-- Grain: one row per action of a person on an alert that is gone, or silence that is over.
-- Read by: storage.retention, after the alerts went and before limit_at does.
DELETE FROM fct_alert_actions
WHERE acted_at < (SELECT before FROM limit_at)
    AND CASE WHEN kind = 'silence'
        THEN CAST(value AS TIMESTAMPTZ) < (SELECT before FROM limit_at)
        ELSE fingerprint NOT IN (SELECT fingerprint FROM fct_alerts) END
RETURNING action_id;
