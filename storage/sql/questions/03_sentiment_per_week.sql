-- fr: Comment évolue le sentiment net, semaine par semaine ?
-- en: How does net sentiment move, week by week?
-- Grain: one row per brand of ours × week; thin weeks are flagged. Read by: analysts, `vigie questions 3`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -90 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: week_on | brand_name | judged | net | margin | is_small_sample
-- Example: 2026-11-16 | L'Œuf à la Coque | 64 | -19 | 22 | false
SELECT
    CAST(date_trunc('week', mentioned_on) AS DATE) AS week_on,
    brand_name,
    count(*) FILTER (polarity <> 'unknown') AS judged,
    round(net_sentiment(
        count(*) FILTER (polarity = 'positive'),
        count(*) FILTER (polarity IN ('neutral', 'mixed')),
        count(*) FILTER (polarity = 'negative')
    ), 1) AS net,
    round(net_sentiment_margin(
        count(*) FILTER (polarity = 'positive'),
        count(*) FILTER (polarity IN ('neutral', 'mixed')),
        count(*) FILTER (polarity = 'negative')
    ), 1) AS margin,
    judged < 30 AS is_small_sample
FROM mentions_between($client, $from_on, $to_on)
WHERE brand_role = 'own'
GROUP BY week_on, brand_name
ORDER BY week_on, brand_name;
