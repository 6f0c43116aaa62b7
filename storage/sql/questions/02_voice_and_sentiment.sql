-- fr: Quelle part de voix et quel sentiment net, avec leur marge ?
-- en: What share of voice and what net sentiment, with their margins?
-- Grain: one row per brand. Read by: analysts, `vigie questions 2`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: brand_name | stories | voice_percent | voice_margin | judged | net | net_margin | is_small_sample
-- Example: L'Œuf à la Coque | 209 | 56 | 5 | 240 | 13 | 11 | false
SELECT
    brand_name,
    story_count AS stories,
    round(100 * share_of_voice, 1) AS voice_percent,
    round(100 * share_of_voice_margin, 1) AS voice_margin,
    judged_count AS judged,
    round(net_sentiment, 1) AS net,
    round(net_sentiment_margin, 1) AS net_margin,
    is_small_sample
FROM kpis($client, $from_on, $to_on);
