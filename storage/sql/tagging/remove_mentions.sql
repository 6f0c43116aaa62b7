-- Grain: one row per mention that tagging again no longer finds. Read by: storage.loading.
-- Mentions that a person labelled stay, see keep_labelled.sql.
DELETE FROM fct_mentions
WHERE document_id IN (SELECT document_id FROM current_tagged)
    AND (document_id, brand_id) NOT IN (SELECT (document_id, brand_id) FROM incoming_mentions)
    AND human_labelled_at IS NULL
RETURNING document_id;
