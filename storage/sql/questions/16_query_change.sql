-- fr: Qu'a changé la dernière modification d'une requête ?
-- en: What did a change of query change?
-- Grain: one row per brand × change of its query. Read by: analysts, `vigie questions 16`.
-- Example: brand_name | version_before | version_after | changed_at | gained | lost | net_gained | net_lost
-- Example: L'Œuf à la Coque | 5c1f… | 77ab… | 2026-11-19 01:14 | 12 | 3 | 33 | 0
SELECT
    brand.name AS brand_name,
    version_before,
    version_after,
    max(tagged_at) AS changed_at,
    count(*) FILTER (change = 'gained') AS gained,
    count(*) FILTER (change = 'lost') AS lost,
    round(net_sentiment(
        count(*) FILTER (change = 'gained' AND polarity = 'positive'),
        count(*) FILTER (change = 'gained' AND polarity IN ('neutral', 'mixed')),
        count(*) FILTER (change = 'gained' AND polarity = 'negative')
    )) AS net_gained,
    round(net_sentiment(
        count(*) FILTER (change = 'lost' AND polarity = 'positive'),
        count(*) FILTER (change = 'lost' AND polarity IN ('neutral', 'mixed')),
        count(*) FILTER (change = 'lost' AND polarity = 'negative')
    )) AS net_lost
FROM fct_query_changes
JOIN dim_brands AS brand USING (brand_id)
GROUP BY brand.name, version_before, version_after
ORDER BY changed_at DESC, brand_name;
