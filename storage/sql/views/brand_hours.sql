-- brand_hours: each active brand's hours, hours without a mention included as zeros.
-- Grain: one row per (brand_id, starts_at). Read by: analysts, reports. Ask for a range of day_on.
-- An hour is sixty minutes that pass, counted from the client's midnight: the hour that the clocks
-- repeat is two rows, the one they skip is none.
CREATE OR REPLACE VIEW brand_hours AS
WITH days AS (SELECT DISTINCT client_id, day_on, starts_at, hour_count FROM brand_days),
hours AS (
    SELECT
        days.client_id,
        days.day_on,
        days.starts_at + to_hours(passed.number) AS starts_at,
        timezone(client.timezone, days.starts_at + to_hours(passed.number)) AS starts_at_local
    FROM days
    JOIN dim_clients AS client USING (client_id)
    CROSS JOIN range(25) AS passed(number)
    WHERE passed.number < days.hour_count
),
counts AS (
    SELECT
        mention.brand_id,
        day.starts_at + to_hours(CAST(epoch(mention.mentioned_at) - epoch(day.starts_at) AS BIGINT) // 3600)
            AS starts_at,
        count(*) AS mention_count,
        count(DISTINCT mention.story_id) AS story_count,
        count(*) FILTER (mention.polarity = 'positive') AS positive_count,
        count(*) FILTER (mention.polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (mention.polarity = 'negative') AS negative_count
    FROM mentions AS mention
    JOIN days AS day ON day.day_on = mention.mentioned_on
    GROUP BY ALL
)
SELECT
    hours.client_id,
    brand.brand_id,
    brand.name AS brand_name,
    brand.role AS brand_role,
    hours.day_on,
    hours.starts_at,
    hours.starts_at_local,
    hour(hours.starts_at_local) AS hour_local,
    isodow(hours.day_on) AS weekday,
    coalesce(counts.mention_count, 0) AS mention_count,
    coalesce(counts.story_count, 0) AS story_count,
    coalesce(counts.positive_count, 0) AS positive_count,
    coalesce(counts.neutral_count, 0) AS neutral_count,
    coalesce(counts.negative_count, 0) AS negative_count
FROM hours
CROSS JOIN dim_brands AS brand
LEFT JOIN counts ON counts.brand_id = brand.brand_id AND counts.starts_at = hours.starts_at
WHERE brand.is_active;
COMMENT ON VIEW brand_hours IS 'fr: Chaque marque, heure par heure à l’heure du client, zéros compris. | en: Each brand, hour by hour in the client’s time, zeros included.';
COMMENT ON COLUMN brand_hours.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN brand_hours.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN brand_hours.brand_name IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN brand_hours.brand_role IS 'fr: Son rôle. | en: Its role.';
COMMENT ON COLUMN brand_hours.day_on IS 'fr: Le jour, à l’heure du client. | en: The day, in the client’s time.';
COMMENT ON COLUMN brand_hours.starts_at IS 'fr: Début de l’heure (UTC). | en: Start of the hour (UTC).';
COMMENT ON COLUMN brand_hours.starts_at_local IS 'fr: Le même instant à l’heure du client ; deux fois le même quand l’horloge recule. | en: The same instant in the client’s time; twice the same when the clocks go back.';
COMMENT ON COLUMN brand_hours.hour_local IS 'fr: Heure de l’horloge du client, 0 à 23. | en: Hour on the client’s clock, 0 to 23.';
COMMENT ON COLUMN brand_hours.weekday IS 'fr: Jour de la semaine : 1 lundi … 7 dimanche. | en: Day of the week: 1 Monday … 7 Sunday.';
COMMENT ON COLUMN brand_hours.mention_count IS 'fr: Mentions. | en: Mentions.';
COMMENT ON COLUMN brand_hours.story_count IS 'fr: Histoires distinctes. | en: Distinct stories.';
COMMENT ON COLUMN brand_hours.positive_count IS 'fr: Mentions positives. | en: Positive mentions.';
COMMENT ON COLUMN brand_hours.neutral_count IS 'fr: Mentions neutres, partagées comprises. | en: Neutral mentions, mixed ones included.';
COMMENT ON COLUMN brand_hours.negative_count IS 'fr: Mentions négatives. | en: Negative mentions.';
