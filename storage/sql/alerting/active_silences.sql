-- Grain: one row per (rule_id, brand_id) silenced at $now; NULL stands for all of them.
-- Read by: storage.alert_actions. The latest word counts: a silence is lifted by one that is over.
SELECT rule_id, brand_id, CAST(value AS TIMESTAMPTZ) AS until, note, actor
FROM fct_alert_actions
WHERE kind = 'silence' AND acted_at <= CAST($now AS TIMESTAMPTZ)
QUALIFY row_number() OVER (
    PARTITION BY rule_id, brand_id ORDER BY acted_at DESC, action_id
) = 1 AND CAST(value AS TIMESTAMPTZ) > CAST($now AS TIMESTAMPTZ)
ORDER BY rule_id NULLS FIRST, brand_id NULLS FIRST;
