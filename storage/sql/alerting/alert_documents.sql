-- Grain: one row per story among the negative mentions of a brand in a window: its worst document.
-- $document_ids: those instead of the negative ones, unless NULL.
-- Read by: storage.alerting, for the mail. Most carried stories first, then the worst score.
SELECT
    document_id,
    title,
    url,
    source_id,
    source_title,
    mentioned_at,
    score,
    story_id,
    count(*) OVER (PARTITION BY story_id) AS story_document_count,
    flags
FROM mentions
WHERE brand_id = $brand_id
    AND CASE WHEN $document_ids IS NULL THEN polarity = 'negative'
        ELSE list_contains(CAST($document_ids AS VARCHAR[]), document_id) END
    AND mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
    AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
QUALIFY row_number() OVER (
    PARTITION BY story_id ORDER BY score, source_weight DESC NULLS LAST, mentioned_at, document_id
) = 1
ORDER BY story_document_count DESC, score, mentioned_at, document_id
LIMIT $row_limit;
