-- Grain: one row per topic of a mention of the documents tagged now. Read by: storage.loading.
-- Tagging says all topics of a mention: what it no longer says is gone.
DELETE FROM fct_mention_topics
WHERE document_id IN (SELECT document_id FROM current_tagged)
    AND (document_id, brand_id, topic_id) NOT IN (
        SELECT (document_id, brand_id, topic_id) FROM incoming_topics
    );
INSERT INTO fct_mention_topics BY NAME
SELECT topic.*
FROM incoming_topics AS topic
JOIN current_tagged USING (document_id)
ON CONFLICT (document_id, brand_id, topic_id) DO UPDATE SET terms = excluded.terms
WHERE fct_mention_topics.terms IS DISTINCT FROM excluded.terms;
