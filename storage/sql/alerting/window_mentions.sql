-- Grain: one row per mention of $brand_ids in [$window_start, $window_end), with what rules pick by.
-- Read by: storage.picking. $source_types, $source_ids, $topics: only these, empty for everything.
-- A site is new when the brand was named before, by others, never by it, and its source was read
-- before: a feed that was added yesterday is no new voice. Only asked $with_sites: it reads the past.
WITH chosen AS (
    SELECT *
    FROM mentions_of($window_start, $window_end, $source_types, $source_ids, $topics)
    WHERE list_contains(CAST($brand_ids AS VARCHAR[]), brand_id)
),
known AS (
    SELECT DISTINCT brand_id, site
    FROM mentions
    WHERE $with_sites
        AND list_contains(CAST($brand_ids AS VARCHAR[]), brand_id)
        AND mentioned_at < CAST($window_start AS TIMESTAMPTZ)
),
old_sources AS (
    SELECT DISTINCT source_id
    FROM fct_documents
    WHERE $with_sites AND mentioned_at < CAST($window_start AS TIMESTAMPTZ)
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
