-- Grain: one row per mention that tagging again no longer finds. Read by: storage.loading.
-- Mentions that a person labelled stay, see keep_labelled.sql.
DELETE FROM fct_mentions
WHERE rowid IN (
    SELECT known.row_number
    FROM known_mentions AS known
    ANTI JOIN incoming_mentions USING (document_id, brand_id)
    WHERE known.human_labelled_at IS NULL
)
RETURNING document_id;
