-- Grain: one row. Read by: storage.counts. How many instants a rule judged in the open interval
-- $after to $until: an hourly look errs more often than a nightly one, and its threshold knows.
SELECT count(DISTINCT evaluated_at)
FROM fct_alert_evaluations
WHERE rule_id = $rule_id AND evaluated_at > $after AND evaluated_at < $until;
