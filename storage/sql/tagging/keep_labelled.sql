-- Grain: one row per labelled mention that tagging again no longer finds. Read by: storage.loading.
UPDATE fct_mentions SET is_matched = false, tagged_at = CAST($now AS TIMESTAMPTZ)
WHERE rowid IN (
    SELECT known.row_number
    FROM known_mentions AS known
    ANTI JOIN incoming_mentions USING (document_id, brand_id)
    WHERE known.is_matched AND known.human_labelled_at IS NOT NULL
)
RETURNING document_id;
