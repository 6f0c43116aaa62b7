-- fr: Quels thèmes nous coûtent, et pas au concurrent ?
-- en: Which topics hurt us and not the competitor?
-- Grain: one row per topic, the widest gap first. Read by: analysts, `vigie questions 23`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- $brand_id = own | fr: notre marque | en: our brand
-- Example: topic | ours | our_net | theirs | their_net | gap | margin
-- Example: Hygiène et santé | 21 | -71 | 4 | 25 | -96 | 52
WITH sides AS (
    SELECT
        topic_id,
        name_fr AS topic,
        brand_id = $brand_id AS is_ours,
        sum(mention_count) AS mentions,
        net_sentiment(sum(positive_count), sum(neutral_count), sum(negative_count)) AS net,
        net_sentiment_margin(sum(positive_count), sum(neutral_count), sum(negative_count)) AS margin
    FROM topics($client, $from_on, $to_on)
    WHERE brand_id = $brand_id OR brand_role = 'competitor'
    GROUP BY topic_id, name_fr, is_ours
)
SELECT
    ours.topic,
    ours.mentions AS ours,
    round(ours.net, 1) AS our_net,
    coalesce(theirs.mentions, 0) AS theirs,
    round(theirs.net, 1) AS their_net,
    round(ours.net - coalesce(theirs.net, 0), 1) AS gap,
    round(sqrt(ours.margin ** 2 + coalesce(theirs.margin, 0) ** 2), 1) AS margin
FROM sides AS ours
LEFT JOIN sides AS theirs ON theirs.topic_id = ours.topic_id AND NOT theirs.is_ours
WHERE ours.is_ours AND ours.net < 0 AND ours.net < coalesce(theirs.net, 0)
ORDER BY gap, ours.topic;
