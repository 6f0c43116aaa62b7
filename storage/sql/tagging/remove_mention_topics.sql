-- Grain: one row per topic of a mention that is gone. Read by: storage.loading.
DELETE FROM fct_mention_topics
WHERE document_id IN (SELECT document_id FROM current_tagged)
    AND (document_id, brand_id) NOT IN (SELECT (document_id, brand_id) FROM fct_mentions);
