-- fr: Quelles sources parlent le plus mal de nous ?
-- en: Which sources speak worst of us?
-- Grain: one row per source with enough mentions. Read by: analysts, `vigie questions 4`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $min_count = 10 | fr: mentions au moins | en: mentions at least
-- Example: source_title | mentions | negative | percent | low | high
-- Example: Avis de table | 72 | 29 | 40.3 | 29.7 | 51.8
SELECT
    source_title,
    count(*) AS mentions,
    count(*) FILTER (polarity = 'negative') AS negative,
    round(100 * negative / mentions, 1) AS percent,
    round(100 * wilson_low(negative, mentions), 1) AS low,
    round(100 * wilson_high(negative, mentions), 1) AS high
FROM mentions_between($client, $from_on, $to_on)
WHERE brand_role = 'own'
GROUP BY source_id, source_title
HAVING count(*) >= $min_count
ORDER BY percent DESC, mentions DESC, source_title
LIMIT 20;
