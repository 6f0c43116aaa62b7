-- fr: Combien d'histoires derrière les mentions ?
-- en: How many stories are behind the mentions?
-- Grain: one row per brand. Read by: analysts, `vigie questions 13`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: brand_name | mentions | stories | pickup_rate | authors | mentions_per_author
-- Example: L'Œuf à la Coque | 262 | 209 | 1.25 | 180 | 1.46
SELECT
    brand_name,
    mention_count AS mentions,
    story_count AS stories,
    round(pickup_rate, 2) AS pickup_rate,
    author_count AS authors,
    round(author_recurrence, 2) AS mentions_per_author
FROM kpis($client, $from_on, $to_on);
