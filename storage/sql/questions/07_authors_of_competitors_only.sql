-- fr: Qui parle de nos concurrents et jamais de nous ?
-- en: Who speaks of our competitors and never of us?
-- Grain: one row per author, the most influential first. Read by: analysts, `vigie questions 7`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -90 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $min_count = 3 | fr: mentions au moins | en: mentions at least
-- Example: author_or_source | source_title | mentions | stories | weight | influence | net
-- Example: 64b4999d8e63 | Le Carnet d'Hortense | 16 | 16 | 1 | 16 | 40
SELECT
    author_or_source,
    source_title,
    competitor_count AS mentions,
    recurrence AS stories,
    weight,
    round(engagement, 2) AS engagement,
    round(topic_share, 2) AS topic_share,
    round(influence, 1) AS influence,
    round(net_sentiment) AS net
FROM influence($client, $from_on, $to_on)
WHERE own_count = 0 AND competitor_count >= $min_count
ORDER BY influence DESC, author_or_source
LIMIT 20;
