-- fr: Quelles mentions négatives attendent depuis plus d'un jour ?
-- en: Which negative mentions have waited for more than a day?
-- Grain: one row per mention, the longest wait first. Read by: analysts, `vigie questions 8`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $hours = 24 | fr: heures d'attente au moins | en: hours of waiting at least
-- Example: mentioned_at_local | title | source_title | status | waited_hours | url | document_id | brand_id
-- Example: 2026-11-18 19:02 | Plus jamais | Avis de table | new | 55.2 | https://… | 3f0c…9a | oeuf-a-la-coque
SELECT
    mentioned_at_local,
    title,
    source_title,
    status,
    round(waited_hours, 1) AS waited_hours,
    url,
    document_id,
    brand_id
FROM inbox
WHERE client_id = $client
    AND mentioned_at >= timezone('UTC', CAST($from_on AS TIMESTAMP) - INTERVAL 2 DAY)
    AND mentioned_on >= $from_on
    AND mentioned_on < $to_on
    AND polarity = 'negative'
    AND NOT is_handled
    AND waited_hours >= $hours
ORDER BY waited_hours DESC, title
LIMIT 200;
