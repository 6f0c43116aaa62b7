-- fr: Qu'auraient donné les alertes avec un autre seuil ?
-- en: What would alerts have been with another threshold?
-- Grain: one row per rule × brand. An opened alert counts as caught when a look of its days passes the threshold. Read by: analysts, `vigie questions 11`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -365 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $p_value = 0.0001 | fr: seuil : le plus grand p qui alerte | en: threshold: the largest p that fires
-- Example: rule_id | brand_id | looks | fired | fired_then | days_then | right_ones | right_ones_then
-- Example: mauvais-buzz | oeuf-a-la-coque | 120 | 9 | 4 | 3 | 4 | 3
WITH looks AS (
    SELECT
        look.rule_id,
        look.brand_id,
        look.evaluated_at,
        look.decision = 'fired' AS is_fired,
        look.p_value <= $p_value AND look.decision NOT IN ('learning', 'outage') AS is_fired_then,
        CAST(timezone(client.timezone, look.window_end) AS DATE) AS day_on
    FROM fct_alert_evaluations AS look
    JOIN dim_clients AS client ON client.client_id = $client
    WHERE CAST(timezone(client.timezone, look.window_end) AS DATE) >= $from_on
        AND CAST(timezone(client.timezone, look.window_end) AS DATE) < $to_on
),
judged AS (
    SELECT
        alert.rule_id,
        alert.brand_id,
        count(*) FILTER (caught.is_fired) AS right_ones,
        count(*) FILTER (caught.is_fired_then) AS right_ones_then
    FROM fct_alerts AS alert
    CROSS JOIN LATERAL (
        SELECT bool_or(looks.is_fired) AS is_fired, bool_or(looks.is_fired_then) AS is_fired_then
        FROM looks
        WHERE looks.rule_id = alert.rule_id
            AND looks.brand_id = alert.brand_id
            AND looks.evaluated_at BETWEEN alert.opened_at AND alert.last_breach_at
    ) AS caught
    WHERE alert.verdict
    GROUP BY alert.rule_id, alert.brand_id
)
SELECT
    looks.rule_id,
    looks.brand_id,
    count(*) AS looks,
    count(*) FILTER (is_fired) AS fired,
    count(*) FILTER (is_fired_then) AS fired_then,
    count(DISTINCT day_on) FILTER (is_fired_then) AS days_then,
    coalesce(any_value(judged.right_ones), 0) AS right_ones,
    coalesce(any_value(judged.right_ones_then), 0) AS right_ones_then
FROM looks
LEFT JOIN judged ON judged.rule_id = looks.rule_id AND judged.brand_id = looks.brand_id
GROUP BY looks.rule_id, looks.brand_id
ORDER BY looks.rule_id, looks.brand_id;
