-- fr: En combien de temps traitons-nous le négatif, mois par mois ?
-- en: How fast do we handle the negative, month by month?
-- Grain: one row per brand of ours × month. Read by: analysts, `vigie questions 9`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -365 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: month_on | brand_name | handled | waiting | median_hours | p90_hours | is_small_sample
-- Example: 2026-10-01 | L'Œuf à la Coque | 12 | 3 | 5.5 | 30.2 | true
SELECT
    month_on,
    brand_name,
    handled_count AS handled,
    waiting_count AS waiting,
    round(median_hours, 1) AS median_hours,
    round(p90_hours, 1) AS p90_hours,
    is_small_sample
FROM response_times($client, $from_on, $to_on)
ORDER BY month_on, brand_name;
