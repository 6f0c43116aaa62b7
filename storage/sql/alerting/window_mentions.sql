-- Grain: one row per mention of $brand_ids in [$window_start, $window_end), with what rules pick by.
-- Read by: storage.picking. $source_types, $source_ids, $topics: only these, empty for everything.
-- A site is new when the brand was named before, by others, never by it, and its source was read
-- before: a feed that was added yesterday is no new voice. One without an address is its source.
WITH sites AS (
    SELECT
        *,
        coalesce(nullif(regexp_extract(lower(url), '^https?://(?:www\.)?([^/:?#]+)', 1), ''), source_id)
            AS site
    FROM mentions
    WHERE brand_id IN (SELECT unnest(CAST($brand_ids AS VARCHAR[])))
        AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
),
chosen AS (
    SELECT *
    FROM sites
    WHERE mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
        AND (len(CAST($source_types AS VARCHAR[])) = 0 OR list_contains(CAST($source_types AS VARCHAR[]), source_type))
        AND (
            len(CAST($source_ids AS VARCHAR[])) = 0
            OR list_has_any(CAST($source_ids AS VARCHAR[]), source_ids)
        )
        AND (
            len(CAST($topics AS VARCHAR[])) = 0
            OR (document_id, brand_id) IN (
                SELECT (document_id, brand_id)
                FROM fct_mention_topics
                WHERE list_contains(CAST($topics AS VARCHAR[]), topic_id)
            )
        )
),
known AS (
    SELECT DISTINCT brand_id, site
    FROM sites
    WHERE mentioned_at < CAST($window_start AS TIMESTAMPTZ)
),
old_sources AS (
    SELECT DISTINCT source_id
    FROM fct_documents
    WHERE mentioned_at < CAST($window_start AS TIMESTAMPTZ)
)
SELECT
    chosen.brand_id,
    chosen.document_id,
    chosen.story_id,
    chosen.author_key,
    chosen.source_id,
    coalesce(chosen.source_weight, 1.0),
    coalesce(chosen.source_type, ''),
    chosen.polarity,
    chosen.flags,
    chosen.site,
    known.site IS NULL AND old_sources.source_id IS NOT NULL AS is_new_site,
    coalesce(chosen.title, ''),
    chosen.text,
    chosen.url,
    chosen.language
FROM chosen
LEFT JOIN known ON known.brand_id = chosen.brand_id AND known.site = chosen.site
LEFT JOIN old_sources ON old_sources.source_id = chosen.source_id
ORDER BY chosen.brand_id, chosen.mentioned_at, chosen.document_id;
