-- brand_days: each active brand's days, days without a mention included as zeros.
-- Grain: one row per (brand_id, day_on). Read by: analysts, reports.
-- Days are cut in the client's time zone: 23 or 25 hours long when the clocks change. They run from
-- the first mention of any brand to the last mention or the last visit to a source.
CREATE OR REPLACE VIEW brand_days AS
WITH bounds AS (
    SELECT
        client.client_id,
        client.timezone,
        (SELECT min(mentioned_on) FROM mentions) AS first_on,
        greatest(
            (SELECT max(mentioned_on) FROM mentions),
            (SELECT CAST(timezone(client.timezone, max(started_at)) AS DATE) FROM fct_source_runs)
        ) AS last_on
    FROM dim_clients AS client
),
days AS (
    SELECT
        client_id,
        CAST(day AS DATE) AS day_on,
        timezone(timezone, day) AS starts_at,
        timezone(timezone, day + INTERVAL 1 DAY) AS ends_at
    FROM (
        SELECT
            client_id,
            timezone,
            unnest(generate_series(CAST(first_on AS TIMESTAMP), CAST(last_on AS TIMESTAMP), INTERVAL 1 DAY)) AS day
        FROM bounds
    )
),
counts AS (
    SELECT
        brand_id,
        mentioned_on AS day_on,
        count(*) AS mention_count,
        count(DISTINCT story_id) AS story_count,
        count(DISTINCT author_or_source) AS author_count,
        count(*) FILTER (polarity = 'positive') AS positive_count,
        count(*) FILTER (polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (polarity = 'negative') AS negative_count,
        count(*) FILTER (polarity = 'mixed') AS mixed_count,
        count(*) FILTER (polarity = 'unknown') AS unknown_count
    FROM mentions
    GROUP BY brand_id, mentioned_on
),
filled AS (
    SELECT
        days.client_id,
        brand.brand_id,
        brand.name AS brand_name,
        brand.role AS brand_role,
        days.day_on,
        days.starts_at,
        days.ends_at,
        date_diff('hour', days.starts_at, days.ends_at) AS hour_count,
        coalesce(counts.mention_count, 0) AS mention_count,
        coalesce(counts.story_count, 0) AS story_count,
        coalesce(counts.author_count, 0) AS author_count,
        coalesce(counts.positive_count, 0) AS positive_count,
        coalesce(counts.neutral_count, 0) AS neutral_count,
        coalesce(counts.negative_count, 0) AS negative_count,
        coalesce(counts.mixed_count, 0) AS mixed_count,
        coalesce(counts.unknown_count, 0) AS unknown_count
    FROM days
    CROSS JOIN dim_brands AS brand
    LEFT JOIN counts ON counts.brand_id = brand.brand_id AND counts.day_on = days.day_on
    WHERE brand.is_active
)
SELECT
    *,
    net_sentiment(positive_count, neutral_count, negative_count) AS net_sentiment,
    net_sentiment_margin(positive_count, neutral_count, negative_count) AS net_sentiment_margin,
    positive_count + neutral_count + negative_count < 30 AS is_small_sample
FROM filled;
COMMENT ON VIEW brand_days IS 'fr: Chaque marque, jour par jour à l’heure du client, zéros compris. | en: Each brand, day by day in the client’s time, zeros included.';
COMMENT ON COLUMN brand_days.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN brand_days.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN brand_days.brand_name IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN brand_days.brand_role IS 'fr: Son rôle. | en: Its role.';
COMMENT ON COLUMN brand_days.day_on IS 'fr: Le jour, à l’heure du client. | en: The day, in the client’s time.';
COMMENT ON COLUMN brand_days.starts_at IS 'fr: Minuit où il commence (UTC). | en: Midnight it starts at (UTC).';
COMMENT ON COLUMN brand_days.ends_at IS 'fr: Minuit où il finit, exclu (UTC). | en: Midnight it ends at, excluded (UTC).';
COMMENT ON COLUMN brand_days.hour_count IS 'fr: Durée en heures : 24, ou 23 et 25 aux changements d’heure. | en: Length in hours: 24, or 23 and 25 when the clocks change.';
COMMENT ON COLUMN brand_days.mention_count IS 'fr: Mentions. | en: Mentions.';
COMMENT ON COLUMN brand_days.story_count IS 'fr: Histoires distinctes. | en: Distinct stories.';
COMMENT ON COLUMN brand_days.author_count IS 'fr: Auteurs distincts ; à défaut d’auteur, la source. | en: Distinct authors; the source where there is none.';
COMMENT ON COLUMN brand_days.positive_count IS 'fr: Mentions positives. | en: Positive mentions.';
COMMENT ON COLUMN brand_days.neutral_count IS 'fr: Mentions neutres, partagées comprises. | en: Neutral mentions, mixed ones included.';
COMMENT ON COLUMN brand_days.negative_count IS 'fr: Mentions négatives. | en: Negative mentions.';
COMMENT ON COLUMN brand_days.mixed_count IS 'fr: Dont mentions partagées. | en: Mixed ones among the neutral.';
COMMENT ON COLUMN brand_days.unknown_count IS 'fr: Mentions dans une langue non jugée. | en: Mentions in a language we do not judge.';
COMMENT ON COLUMN brand_days.net_sentiment IS 'fr: Sentiment net, de -100 à +100, sur les mentions jugées. | en: Net sentiment, -100 to +100, over judged mentions.';
COMMENT ON COLUMN brand_days.net_sentiment_margin IS 'fr: Sa marge d’erreur à 95 %, en points. | en: Its 95 % margin, in points.';
COMMENT ON COLUMN brand_days.is_small_sample IS 'fr: Vrai sous 30 mentions jugées. | en: True under 30 judged mentions.';
