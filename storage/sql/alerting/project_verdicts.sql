-- Grain: one row per alert that people judged. Read by: storage.alert_actions.
-- fct_alert_actions is the truth; fct_alerts repeats the latest verdict on each alert.
WITH latest AS (
    SELECT
        fingerprint,
        arg_max({'value': value}, (acted_at, action_id)) AS said,
        max(acted_at) AS acted_at
    FROM fct_alert_actions
    WHERE kind = 'verdict'
    GROUP BY fingerprint
)
UPDATE fct_alerts SET
    verdict = CAST(latest.said.value AS BOOLEAN),
    verdict_at = CASE WHEN latest.said.value IS NOT NULL THEN latest.acted_at END
FROM latest
WHERE latest.fingerprint = fct_alerts.fingerprint;
