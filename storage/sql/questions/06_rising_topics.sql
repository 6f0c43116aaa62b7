-- fr: Quels thèmes et quels mots montent ?
-- en: Which topics and which words are on the rise?
-- Grain: one row per topic or word; the surest first: z above 3 is hardly chance, below 2 it may be. Read by: analysts, `vigie questions 6`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -6 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $brand_id = own | fr: marque | en: brand
-- Example: kind | name | now_count | before_count | z
-- Example: topic | Hygiène et santé | 21 | 4 | 4.1
SELECT 'topic' AS kind, name_fr AS name, mention_count AS now_count,
    previous_mention_count AS before_count, round(z, 1) AS z
FROM topics($client, $from_on, $to_on)
WHERE brand_id = $brand_id AND z > 1.64
UNION ALL
SELECT 'word', term, story_count, other_story_count, round(z, 1)
FROM rising_terms($client, $brand_id, $from_on, $to_on)
WHERE against = 'previous' AND z > 1.28
ORDER BY z DESC, name
LIMIT 30;
