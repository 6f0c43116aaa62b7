-- Grain: one row per (brand_id, ends_at, is_newest); all sources together have brand_id NULL.
-- Read by: storage.reach.
-- is_newest false: share of the brand's mentions, of all time, that came from sources whose oldest
-- document is not later than ends_at. is_newest true: share that came from active sources, imports
-- apart, that were read for the last time at or before ends_at. For all sources, shares of the sources.
WITH reach AS (
    SELECT source_id, min(mentioned_at) AS ends_at
    FROM (SELECT unnest(source_ids) AS source_id, mentioned_at FROM fct_documents)
    GROUP BY source_id
),
visits AS (
    SELECT source_id, max(started_at) AS ends_at
    FROM fct_source_runs
    WHERE status IN ('ok', 'unchanged')
    GROUP BY source_id
),
ends AS (
    SELECT source_id, ends_at, false AS is_newest FROM reach
    UNION ALL
    SELECT source_id, visits.ends_at, true
    FROM visits
    JOIN dim_sources AS source USING (source_id)
    WHERE source.is_active AND source.kind <> 'import'
),
weights AS (
    SELECT brand_id, source_id, sum(mention_count) AS weight
    FROM (
        -- Most documents have one source: a list is unnested once for all that share it.
        SELECT brand_id, unnest(source_ids) AS source_id, mention_count
        FROM (SELECT brand_id, source_ids, count(*) AS mention_count FROM mentions GROUP BY ALL)
    )
    GROUP BY brand_id, source_id
    UNION ALL
    SELECT NULL, source_id, 1 FROM reach
),
totals AS (
    SELECT *, sum(weight) OVER (PARTITION BY brand_id) AS total
    FROM weights
),
steps AS (
    SELECT totals.brand_id, ends.ends_at, ends.is_newest, sum(totals.weight) AS weight, totals.total
    FROM totals
    JOIN ends USING (source_id)
    GROUP BY ALL
)
SELECT
    brand_id,
    ends_at,
    is_newest,
    sum(weight) OVER (PARTITION BY brand_id, is_newest ORDER BY ends_at) / total AS share
FROM steps
ORDER BY ALL;
