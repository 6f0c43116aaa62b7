-- Grain: one row per labelled mention that tagging again no longer finds. Read by: storage.loading.
UPDATE fct_mentions SET is_matched = false, tagged_at = CAST($now AS TIMESTAMPTZ)
WHERE is_matched
    AND document_id IN (SELECT document_id FROM current_tagged)
    AND (document_id, brand_id) NOT IN (SELECT (document_id, brand_id) FROM incoming_mentions)
    AND human_labelled_at IS NOT NULL
RETURNING document_id;
