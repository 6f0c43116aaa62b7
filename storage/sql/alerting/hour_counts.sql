-- Grain: one row per (brand_id, hour_index) with something in it. Read by: storage.counts.
-- New texts of the tone that a rule judges, by the hour in which they appear: hour 0 is the last one
-- before $until. A text that appeared within the 24 hours before is not new: fifty sites that
-- take it up in ten hours are one. Of a named author three count in any 24 hours, as in
-- window_counts. What an hour holds rests on what came before it, never on what follows.
-- $polarity, $source_types, $source_ids, $topics: as in window_counts.
WITH brands AS (SELECT unnest(CAST($brand_ids AS VARCHAR[])) AS brand_id),
chosen AS (
    SELECT brand_id, epoch_us(mentioned_at) AS at_us, story_id, author_key
    FROM mentions_of(
        CAST($from_at AS TIMESTAMPTZ) - INTERVAL 1 DAY, $until, $source_types, $source_ids, $topics
    )
    WHERE brand_id IN (SELECT brand_id FROM brands)
        AND polarity = coalesce(CAST($polarity AS VARCHAR), polarity)
),
told AS (
    SELECT *
    FROM chosen
    QUALIFY author_key IS NULL OR coalesce(
        at_us - lag(at_us) OVER (PARTITION BY brand_id, author_key, story_id ORDER BY at_us)
            >= 86400000000, true)
),
voices AS (
    SELECT *
    FROM told
    QUALIFY author_key IS NULL OR coalesce(
        at_us - lag(at_us, 3) OVER (PARTITION BY brand_id, author_key ORDER BY at_us, story_id)
            >= 86400000000, true)
),
appeared AS (
    SELECT brand_id, at_us
    FROM voices
    QUALIFY coalesce(
        at_us - lag(at_us) OVER (PARTITION BY brand_id, story_id ORDER BY at_us)
            >= 86400000000, true)
)
SELECT
    brand_id,
    (epoch_us(CAST($until AS TIMESTAMPTZ)) - at_us - 1) // 3600000000 AS hour_index,
    count(*) AS text_count
FROM appeared
WHERE at_us >= epoch_us(CAST($from_at AS TIMESTAMPTZ))
GROUP BY ALL;
