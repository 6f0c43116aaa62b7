-- Grain: one row per (brand_id, first_at), and one of all sources together per first_at (brand_id NULL).
-- Read by: storage.reach. share: of the brand's mentions, of all time, that came from sources whose
-- oldest document is not later than first_at; for all, share of the sources.
WITH reach AS (
    SELECT source_id, min(mentioned_at) AS first_at
    FROM (SELECT unnest(source_ids) AS source_id, mentioned_at FROM fct_documents)
    GROUP BY source_id
),
weights AS (
    SELECT brand_id, source_id, sum(mention_count) AS mention_count
    FROM (
        -- Most documents have one source: a list is unnested once for all that share it.
        SELECT brand_id, unnest(source_ids) AS source_id, mention_count
        FROM (SELECT brand_id, source_ids, count(*) AS mention_count FROM mentions GROUP BY ALL)
    )
    GROUP BY brand_id, source_id
),
steps AS (
    SELECT weights.brand_id, reach.first_at, sum(weights.mention_count) AS weight
    FROM weights
    JOIN reach USING (source_id)
    GROUP BY weights.brand_id, reach.first_at
    UNION ALL
    SELECT NULL, first_at, count(*) FROM reach GROUP BY first_at
)
SELECT
    brand_id,
    first_at,
    sum(weight) OVER (PARTITION BY brand_id ORDER BY first_at) / sum(weight) OVER (PARTITION BY brand_id)
        AS share
FROM steps
ORDER BY brand_id, first_at;
