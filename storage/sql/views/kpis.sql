-- kpis(client, from_on, to_on): the figures of each active brand over days [from_on, to_on).
-- Grain: one row per brand, brands without a mention included. Read by: analysts, reports, `vigie`.
-- Days are the client's. Share of voice is on stories, over own brands and competitors only; a story
-- that names two of them counts once for each. Shares are 0..1, net sentiment is in points.
CREATE OR REPLACE MACRO kpis(client, from_on, to_on) AS TABLE
WITH counts AS (
    SELECT
        brand_id,
        count(*) AS mention_count,
        count(DISTINCT story_id) AS story_count,
        count(DISTINCT author_or_source) AS author_count,
        count(*) FILTER (polarity = 'positive') AS positive_count,
        count(*) FILTER (polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (polarity = 'negative') AS negative_count,
        count(*) FILTER (polarity = 'mixed') AS mixed_count,
        count(*) FILTER (polarity = 'unknown') AS unknown_count
    FROM mentions
    WHERE client_id = client
        AND mentioned_on >= CAST(from_on AS DATE)
        AND mentioned_on < CAST(to_on AS DATE)
    GROUP BY brand_id
),
filled AS (
    SELECT
        brand.brand_id,
        brand.name AS brand_name,
        brand.role AS brand_role,
        coalesce(counts.mention_count, 0) AS mention_count,
        coalesce(counts.story_count, 0) AS story_count,
        coalesce(counts.author_count, 0) AS author_count,
        coalesce(counts.positive_count, 0) AS positive_count,
        coalesce(counts.neutral_count, 0) AS neutral_count,
        coalesce(counts.negative_count, 0) AS negative_count,
        coalesce(counts.mixed_count, 0) AS mixed_count,
        coalesce(counts.unknown_count, 0) AS unknown_count
    FROM dim_brands AS brand
    JOIN dim_clients AS owner ON owner.client_id = client
    LEFT JOIN counts USING (brand_id)
    WHERE brand.is_active
),
voices AS (
    SELECT
        *,
        positive_count + neutral_count + negative_count AS judged_count,
        CASE WHEN brand_role IN ('own', 'competitor') THEN
            sum(story_count) FILTER (brand_role IN ('own', 'competitor')) OVER ()
        END AS voice_count
    FROM filled
)
SELECT
    brand_id,
    brand_name,
    brand_role,
    mention_count,
    story_count,
    author_count,
    positive_count,
    neutral_count,
    negative_count,
    mixed_count,
    unknown_count,
    judged_count,
    net_sentiment(positive_count, neutral_count, negative_count) AS net_sentiment,
    net_sentiment_margin(positive_count, neutral_count, negative_count) AS net_sentiment_margin,
    judged_count < 30 AS is_small_sample,
    brand_health(positive_count, negative_count) AS brand_health,
    story_count / nullif(voice_count, 0) AS share_of_voice,
    1.96 * sqrt(
        (story_count / nullif(voice_count, 0)) * (1 - story_count / nullif(voice_count, 0))
        / nullif(voice_count, 0)
    ) AS share_of_voice_margin,
    CAST(voice_count AS BIGINT) AS share_of_voice_story_count
FROM voices
ORDER BY brand_role = 'own' DESC, mention_count DESC, brand_id;
COMMENT ON MACRO TABLE kpis IS 'fr: Les chiffres de chaque marque du jour from_on (inclus) au jour to_on (exclu) : mentions, histoires, ton, sentiment net et sa marge, part de voix et sa marge. | en: Each brand’s figures from day from_on (included) to day to_on (excluded): mentions, stories, tone, net sentiment and its margin, share of voice and its margin.';
