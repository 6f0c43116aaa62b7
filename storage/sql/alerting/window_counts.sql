-- Grain: one row per (brand_id, window), oldest window first, windows without a mention as zeros.
-- Read by: storage.counts. Windows are half-open, $window_us long, and end at $window_end;
-- index 0 is the window under test.
-- $polarity: what a rule judges, NULL for every tone; $source_types, $source_ids, $topics: all that
-- counts, empty for everything.
WITH windows AS (
    SELECT
        index,
        CAST($window_end AS TIMESTAMPTZ) - to_microseconds((index + 1) * $window_us) AS starts_at
    FROM range(0, CAST($history AS BIGINT) + 1) AS series(index)
),
brands AS (SELECT unnest(CAST($brand_ids AS VARCHAR[])) AS brand_id),
chosen AS (
    SELECT brand_id, mentioned_at, polarity, story_id, author_key, author_or_source
    FROM mentions_of(
        CAST($window_end AS TIMESTAMPTZ) - to_microseconds((CAST($history AS BIGINT) + 1) * $window_us),
        $window_end, $source_types, $source_ids, $topics
    )
),
totals AS (
    SELECT
        (epoch_us(CAST($window_end AS TIMESTAMPTZ)) - epoch_us(mentioned_at) - 1) // $window_us AS index,
        count(*) AS total_count
    FROM chosen
    GROUP BY index
),
placed AS (
    SELECT
        brand_id,
        (epoch_us(CAST($window_end AS TIMESTAMPTZ)) - epoch_us(mentioned_at) - 1) // $window_us AS index,
        polarity,
        story_id,
        author_key,
        author_or_source
    FROM chosen
    WHERE brand_id IN (SELECT brand_id FROM brands)
),
counts AS (
    SELECT
        brand_id,
        index,
        count(*) AS mention_count,
        count(*) FILTER (polarity = 'negative') AS negative_count,
        count(DISTINCT story_id) FILTER (polarity = 'negative') AS negative_story_count,
        count(DISTINCT author_or_source) FILTER (polarity = 'negative') AS negative_author_count
    FROM placed
    GROUP BY brand_id, index
),
per_author AS (
    SELECT
        brand_id,
        index,
        -- One who writes forty times is not forty people; those without a name are not one.
        CASE WHEN author_key IS NULL
            THEN count(DISTINCT story_id) FILTER (polarity = 'negative')
            ELSE least(count(DISTINCT story_id) FILTER (polarity = 'negative'), 3) END AS negatives,
        CASE WHEN author_key IS NULL THEN count(DISTINCT story_id) FILTER (polarity = wanted)
            ELSE least(count(DISTINCT story_id) FILTER (polarity = wanted), 3) END AS judged,
        count(*) FILTER (polarity = wanted) AS judged_mentions,
        CASE WHEN author_key IS NULL THEN 0
            ELSE count(*) FILTER (polarity = wanted) END AS by_one
    FROM (
        SELECT *, coalesce(CAST($polarity AS VARCHAR), polarity) AS wanted
        FROM placed
    )
    GROUP BY brand_id, index, author_key
),
voices AS (
    SELECT
        brand_id,
        index,
        CAST(sum(negatives) AS BIGINT) AS voice_count,
        CAST(sum(judged) AS BIGINT) AS judged_count,
        CAST(sum(judged_mentions) AS BIGINT) AS judged_mention_count,
        max(by_one) AS loudest_count
    FROM per_author
    GROUP BY brand_id, index
),
judged_stories AS (
    SELECT brand_id, index, count(DISTINCT story_id) AS story_count
    FROM placed
    WHERE polarity = coalesce(CAST($polarity AS VARCHAR), polarity)
    GROUP BY brand_id, index
)
SELECT
    brands.brand_id,
    windows.starts_at,
    coalesce(counts.mention_count, 0),
    coalesce(counts.negative_count, 0),
    coalesce(counts.negative_story_count, 0),
    coalesce(counts.negative_author_count, 0),
    least(coalesce(voices.voice_count, 0), coalesce(counts.negative_story_count, 0)),
    least(coalesce(voices.judged_count, 0), coalesce(judged_stories.story_count, 0)),
    coalesce(voices.judged_mention_count, 0),
    coalesce(voices.loudest_count, 0),
    coalesce(totals.total_count, 0)
FROM brands
CROSS JOIN windows
LEFT JOIN counts ON counts.brand_id = brands.brand_id AND counts.index = windows.index
LEFT JOIN voices ON voices.brand_id = brands.brand_id AND voices.index = windows.index
LEFT JOIN judged_stories
    ON judged_stories.brand_id = brands.brand_id AND judged_stories.index = windows.index
LEFT JOIN totals ON totals.index = windows.index
ORDER BY brands.brand_id, windows.index DESC;
