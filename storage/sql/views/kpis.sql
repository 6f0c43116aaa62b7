-- kpis(client, from_on, to_on, source_ids): the figures of each active brand over days
-- [from_on, to_on), in mentions and in stories.
-- Grain: one row per brand, brands without a mention included. Read by: analysts, reports, `vigie`.
-- Days are the client's. Share of voice is on stories, over own brands and competitors only; a story
-- that names two of them counts once for each. A story's tone is that of most of its judged
-- mentions of the brand, neutral when as many praise as blame. Shares are 0..1, net sentiment is in
-- points. source_ids freezes the list of sources; NULL: all.
CREATE OR REPLACE MACRO kpis(client, from_on, to_on, source_ids := NULL) AS TABLE
WITH chosen AS MATERIALIZED (
    SELECT brand_id, story_id, author_or_source, polarity
    FROM mentions_between(client, from_on, to_on, source_ids := source_ids)
),
told AS (
    SELECT
        brand_id,
        story_id,
        count(*) AS mention_count,
        count(*) FILTER (polarity = 'positive') AS positive_count,
        count(*) FILTER (polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (polarity = 'negative') AS negative_count,
        count(*) FILTER (polarity = 'mixed') AS mixed_count,
        count(*) FILTER (polarity = 'unknown') AS unknown_count
    FROM chosen
    GROUP BY brand_id, story_id
),
counts AS (
    SELECT
        brand_id,
        sum(mention_count) AS mention_count,
        count(*) AS story_count,
        sum(positive_count) AS positive_count,
        sum(neutral_count) AS neutral_count,
        sum(negative_count) AS negative_count,
        sum(mixed_count) AS mixed_count,
        sum(unknown_count) AS unknown_count,
        count(*) FILTER (positive_count > negative_count) AS positive_story_count,
        count(*) FILTER (
            positive_count = negative_count AND positive_count + neutral_count > 0
        ) AS neutral_story_count,
        count(*) FILTER (negative_count > positive_count) AS negative_story_count
    FROM told
    GROUP BY brand_id
),
voices AS (
    SELECT brand_id, count(DISTINCT author_or_source) AS author_count FROM chosen GROUP BY brand_id
),
filled AS (
    SELECT
        brand.brand_id,
        brand.name AS brand_name,
        brand.role AS brand_role,
        CAST(coalesce(counts.mention_count, 0) AS BIGINT) AS mention_count,
        coalesce(counts.story_count, 0) AS story_count,
        coalesce(voices.author_count, 0) AS author_count,
        CAST(coalesce(counts.positive_count, 0) AS BIGINT) AS positive_count,
        CAST(coalesce(counts.neutral_count, 0) AS BIGINT) AS neutral_count,
        CAST(coalesce(counts.negative_count, 0) AS BIGINT) AS negative_count,
        CAST(coalesce(counts.mixed_count, 0) AS BIGINT) AS mixed_count,
        CAST(coalesce(counts.unknown_count, 0) AS BIGINT) AS unknown_count,
        coalesce(counts.positive_story_count, 0) AS positive_story_count,
        coalesce(counts.neutral_story_count, 0) AS neutral_story_count,
        coalesce(counts.negative_story_count, 0) AS negative_story_count
    FROM dim_brands AS brand
    JOIN dim_clients AS owner ON owner.client_id = client
    LEFT JOIN counts USING (brand_id)
    LEFT JOIN voices USING (brand_id)
    WHERE brand.is_active
),
heard AS (
    SELECT
        *,
        positive_count + neutral_count + negative_count AS judged_count,
        CASE WHEN brand_role IN ('own', 'competitor') THEN
            sum(story_count) FILTER (brand_role IN ('own', 'competitor')) OVER ()
        END AS voice_count,
        CASE WHEN brand_role IN ('own', 'competitor') THEN
            sum(mention_count) FILTER (brand_role IN ('own', 'competitor')) OVER ()
        END AS voice_mention_count
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
    positive_count + negative_count < 20 AS is_health_weak,
    positive_story_count,
    neutral_story_count,
    negative_story_count,
    net_sentiment(positive_story_count, neutral_story_count, negative_story_count)
        AS story_net_sentiment,
    net_sentiment_margin(positive_story_count, neutral_story_count, negative_story_count)
        AS story_net_sentiment_margin,
    brand_health(positive_story_count, negative_story_count) AS story_brand_health,
    mention_count / nullif(story_count, 0) AS pickup_rate,
    author_count / nullif(mention_count, 0) AS author_diversity,
    mention_count / nullif(author_count, 0) AS author_recurrence,
    story_count / nullif(voice_count, 0) AS share_of_voice,
    share_margin(story_count, voice_count) AS share_of_voice_margin,
    CAST(voice_count AS BIGINT) AS share_of_voice_story_count,
    mention_count / nullif(voice_mention_count, 0) AS mention_share_of_voice,
    share_margin(mention_count, voice_mention_count) AS mention_share_of_voice_margin,
    CAST(voice_mention_count AS BIGINT) AS share_of_voice_mention_count
FROM heard
ORDER BY brand_role = 'own' DESC, mention_count DESC, brand_id;
COMMENT ON MACRO TABLE kpis IS 'fr: Les chiffres de chaque marque du jour from_on (inclus) au jour to_on (exclu), en mentions et en histoires : volumes, ton, sentiment net et santé avec leur marge, part de voix et sa marge, taux de reprise, diversité et récurrence des auteurs ; source_ids fige la liste des sources. | en: Each brand’s figures from day from_on (included) to day to_on (excluded), in mentions and in stories: volumes, tone, net sentiment and health with their margins, share of voice and its margin, pick-up rate, diversity and recurrence of authors; source_ids freezes the list of sources.';
