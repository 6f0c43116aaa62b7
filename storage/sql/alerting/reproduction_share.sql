-- Grain: one row: the share an alert mail states. Read by: storage.alert_reasons, as reproduction.sql.
SELECT count(*) FILTER (brand_id = $brand_id) AS mentions, count(*) AS all_brands
FROM mentions
WHERE mentioned_at >= $window_start
    AND mentioned_at < $window_end
    AND list_contains($source_types, source_type)
    AND list_has_any($source_ids, source_ids)
    AND (document_id, brand_id) IN (SELECT (document_id, brand_id) FROM fct_mention_topics WHERE list_contains($topics, topic_id));
