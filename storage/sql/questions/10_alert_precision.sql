-- fr: Les alertes de chaque règle étaient-elles justes ?
-- en: Were the alerts of each rule right?
-- Grain: one row per rule. Read by: analysts, `vigie questions 10`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -365 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: rule_id | alerts | judged | right_ones | percent | low | high
-- Example: mauvais-buzz | 6 | 5 | 4 | 80 | 37.6 | 96.4
SELECT
    rule_id,
    alert_count AS alerts,
    judged_count AS judged,
    true_count AS right_ones,
    round(100 * precision_share, 1) AS percent,
    round(100 * precision_low, 1) AS low,
    round(100 * precision_high, 1) AS high
FROM alert_precision($client, $from_on, $to_on)
ORDER BY rule_id;
