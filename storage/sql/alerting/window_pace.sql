-- Grain: one row: how what a rule judges in the window of $window_us before $window_end is spread over its halves.
-- Read by: storage.alert_reasons. A text counts where its first copy is; what is usual are all
-- mentions of the $window_count windows before, half by half, so that nights compare with nights.
WITH chosen AS (
    SELECT
        story_id,
        polarity,
        published_at_quality = 'given' AS has_hour,
        epoch_us(CAST($window_end AS TIMESTAMPTZ)) - epoch_us(mentioned_at) - 1 AS age_us
    FROM mentions_of(
        CAST($window_end AS TIMESTAMPTZ) - to_microseconds(CAST($window_us AS BIGINT) * (CAST($window_count AS BIGINT) + 1)),
        $window_end, $source_types, $source_ids, $topics
    )
    WHERE brand_id = $brand_id
),
texts AS (
    SELECT max(age_us) < $window_us // 2 AS is_late, bool_and(has_hour) AS has_hour
    FROM chosen
    WHERE age_us < $window_us AND polarity = coalesce(CAST($tone AS VARCHAR), polarity)
    GROUP BY story_id
),
usual AS (
    SELECT age_us % $window_us < $window_us // 2 AS is_late
    FROM chosen
    WHERE age_us >= $window_us AND has_hour
)
SELECT
    (SELECT count(*) FILTER (NOT is_late) FROM texts),
    (SELECT count(*) FILTER (is_late) FROM texts),
    (SELECT count(*) FILTER (NOT has_hour) FROM texts),
    count(*) FILTER (NOT is_late),
    count(*) FILTER (is_late)
FROM usual;
