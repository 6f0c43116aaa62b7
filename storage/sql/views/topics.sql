-- topics(client, from_on, to_on): how much each topic is spoken of with each brand, in which tone,
-- and against the period of the same length before.
-- Grain: one row per active topic × active brand with mentions in one of the two periods.
-- Read by: analysts, reports. share: of the brand's mentions; z: of the difference of the two shares
-- (pooled two-proportion test), above 1.96 it is more than chance at 95 %.
CREATE OR REPLACE MACRO topics(client, from_on, to_on) AS TABLE
WITH periods AS MATERIALIZED (
    SELECT
        document_id,
        brand_id,
        story_id,
        polarity,
        mentioned_on >= CAST(from_on AS DATE) AS is_now
    FROM mentions_between(
        client, period_before(from_on, to_on), to_on
    )
),
totals AS (
    SELECT
        brand_id,
        count(*) FILTER (is_now) AS now_count,
        count(*) FILTER (NOT is_now) AS before_count
    FROM periods
    GROUP BY brand_id
),
counts AS (
    SELECT
        tagged.topic_id,
        periods.brand_id,
        count(*) FILTER (is_now) AS mention_count,
        count(DISTINCT story_id) FILTER (is_now) AS story_count,
        count(*) FILTER (is_now AND polarity = 'positive') AS positive_count,
        count(*) FILTER (is_now AND polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (is_now AND polarity = 'negative') AS negative_count,
        count(*) FILTER (NOT is_now) AS previous_mention_count
    FROM periods
    JOIN fct_mention_topics AS tagged USING (document_id, brand_id)
    GROUP BY tagged.topic_id, periods.brand_id
)
SELECT
    counts.topic_id,
    topic.name_fr,
    topic.name_en,
    counts.brand_id,
    brand.name AS brand_name,
    brand.role AS brand_role,
    counts.mention_count,
    counts.story_count,
    counts.mention_count / nullif(totals.now_count, 0) AS share,
    share_margin(counts.mention_count, totals.now_count) AS share_margin,
    counts.positive_count,
    counts.neutral_count,
    counts.negative_count,
    net_sentiment(counts.positive_count, counts.neutral_count, counts.negative_count) AS net_sentiment,
    net_sentiment_margin(counts.positive_count, counts.neutral_count, counts.negative_count)
        AS net_sentiment_margin,
    counts.positive_count + counts.neutral_count + counts.negative_count < 30 AS is_small_sample,
    counts.previous_mention_count,
    counts.previous_mention_count / nullif(totals.before_count, 0) AS previous_share,
    (counts.mention_count / nullif(totals.now_count, 0)
        - counts.previous_mention_count / nullif(totals.before_count, 0))
        / nullif(sqrt(
            ((counts.mention_count + counts.previous_mention_count) / (totals.now_count + totals.before_count))
            * (1 - (counts.mention_count + counts.previous_mention_count)
                / (totals.now_count + totals.before_count))
            * (1 / nullif(totals.now_count, 0) + 1 / nullif(totals.before_count, 0))
        ), 0) AS z
FROM counts
JOIN totals USING (brand_id)
JOIN dim_topics AS topic USING (topic_id)
JOIN dim_brands AS brand USING (brand_id)
WHERE topic.is_active AND brand.is_active
ORDER BY brand.role = 'own' DESC, counts.mention_count DESC, counts.topic_id, counts.brand_id;
COMMENT ON MACRO TABLE topics IS 'fr: Les thèmes, marque par marque : mentions, histoires, part, sentiment net et sa marge, et l’écart avec la période d’avant (z). | en: Topics, brand by brand: mentions, stories, share, net sentiment and its margin, and the difference from the period before (z).';
