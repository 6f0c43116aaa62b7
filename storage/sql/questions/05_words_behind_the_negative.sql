-- fr: Quels mots expliquent le négatif ?
-- en: Which words explain the negative?
-- Grain: one row per word. Read by: analysts, `vigie questions 5`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -6 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $brand_id = own | fr: marque | en: brand
-- Example: word | mentions | stories | percent | weight
-- Example: malades | 9 | 7 | 20.5 | -7.5
SELECT
    label AS word,
    mention_count AS mentions,
    story_count AS stories,
    round(100 * share, 1) AS percent,
    round(weight, 1) AS weight
FROM drivers($client, $brand_id, $from_on, $to_on)
WHERE kind = 'term'
ORDER BY weight, mentions DESC, word
LIMIT 20;
