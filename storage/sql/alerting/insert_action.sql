-- Grain: one action of one person on one alert, or one silence. Read by: storage.alert_actions.
-- A known one is left alone and gives no row.
INSERT INTO fct_alert_actions BY NAME
SELECT $action_id AS action_id, $kind AS kind, CAST($fingerprint AS VARCHAR) AS fingerprint,
    CAST($rule_id AS VARCHAR) AS rule_id, CAST($brand_id AS VARCHAR) AS brand_id,
    CAST($value AS VARCHAR) AS value, $note AS note, $actor AS actor,
    CAST($acted_at AS TIMESTAMPTZ) AS acted_at
ON CONFLICT (action_id) DO NOTHING
RETURNING action_id;
