-- Grain: one row: the figure an alert mail states. Read by: storage.alert_reasons, which prints it in
-- the mail with the values filled in, without the lines whose value is not given.
SELECT count(DISTINCT story_id) AS stories, count(*) AS mentions
FROM mentions
WHERE brand_id = $brand_id
    AND polarity = $tone
    AND list_contains($source_types, source_type)
    AND list_has_any($source_ids, source_ids)
    AND (document_id, brand_id) IN (SELECT (document_id, brand_id) FROM fct_mention_topics WHERE list_contains($topics, topic_id))
    AND list_contains($document_ids, document_id)
    AND mentioned_at >= $window_start
    AND mentioned_at < $window_end;
