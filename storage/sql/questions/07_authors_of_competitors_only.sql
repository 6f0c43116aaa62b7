-- fr: Qui parle de nos concurrents et jamais de nous ?
-- en: Who speaks of our competitors and never of us?
-- Grain: one row per author, those who weigh most first; influence() shows all factors of everybody. Read by: analysts, `vigie questions 7`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -90 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $min_count = 3 | fr: mentions au moins | en: mentions at least
-- Example: author_or_source | source_title | mentions | weighted | net | last_at_local
-- Example: 64b4999d8e63 | Le Carnet d'Hortense | 16 | 16 | 40 | 2026-11-19 18:20
SELECT
    author_or_source,
    any_value(source_title) AS source_title,
    count(*) AS mentions,
    round(sum(coalesce(source_weight, 1)), 1) AS weighted,
    round(net_sentiment(
        count(*) FILTER (polarity = 'positive'),
        count(*) FILTER (polarity IN ('neutral', 'mixed')),
        count(*) FILTER (polarity = 'negative')
    )) AS net,
    max(mentioned_at_local) AS last_at_local
FROM mentions_between($client, $from_on, $to_on)
WHERE brand_role IN ('own', 'competitor')
GROUP BY author_or_source
HAVING count(*) FILTER (brand_role = 'own') = 0 AND count(*) >= $min_count
ORDER BY weighted DESC, author_or_source
LIMIT 20;
