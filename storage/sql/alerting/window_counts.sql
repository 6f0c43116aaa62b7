-- Grain: one row per (brand_id, window), oldest window first, windows without a mention as zeros.
-- Read by: storage.counts. Windows are half-open, $window_us long, and end at $window_end;
-- index 0 is the window under test. `coverage` of a past window: share of the sources that brought
-- any document whose oldest one is not later than the window's start.
WITH windows AS (
    SELECT
        index,
        CAST($window_end AS TIMESTAMPTZ) - to_microseconds((index + 1) * $window_us) AS starts_at,
        CAST($window_end AS TIMESTAMPTZ) - to_microseconds(index * $window_us) AS ends_at
    FROM range(0, CAST($history AS BIGINT) + 1) AS series(index)
),
brands AS (SELECT unnest(CAST($brand_ids AS VARCHAR[])) AS brand_id),
placed AS (
    SELECT
        brand_id,
        (epoch_us(CAST($window_end AS TIMESTAMPTZ)) - epoch_us(mentioned_at) - 1) // $window_us AS index,
        polarity,
        story_id,
        author_or_source
    FROM mentions
    WHERE brand_id IN (SELECT brand_id FROM brands)
        AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
        AND mentioned_at >= (SELECT min(starts_at) FROM windows)
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
reach AS (
    SELECT min(document.mentioned_at) AS first_at
    FROM fct_document_sources AS seen
    JOIN fct_documents AS document USING (document_id)
    GROUP BY seen.source_id
),
covered AS (
    SELECT windows.index, count(*) FILTER (reach.first_at <= windows.starts_at) / count(*) AS coverage
    FROM windows
    CROSS JOIN reach
    GROUP BY windows.index
)
SELECT
    brands.brand_id,
    windows.starts_at,
    windows.ends_at,
    coalesce(counts.mention_count, 0),
    coalesce(counts.negative_count, 0),
    coalesce(counts.negative_story_count, 0),
    coalesce(counts.negative_author_count, 0),
    coalesce(covered.coverage, 0)
FROM brands
CROSS JOIN windows
LEFT JOIN counts ON counts.brand_id = brands.brand_id AND counts.index = windows.index
LEFT JOIN covered ON covered.index = windows.index
ORDER BY brands.brand_id, windows.index DESC;
