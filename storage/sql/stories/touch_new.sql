-- Grain: one row per text of documents that had none before (incoming_texts). Read by:
-- storage.story_assignment. The first document known, or the first of the queue, is its first.
CREATE OR REPLACE TEMP TABLE touched_texts AS
WITH compared AS (
    SELECT
        incoming.text_id,
        incoming,
        known,
        known.text_id IS NOT NULL AS is_known,
        known.text_id IS NULL
            OR (incoming.first_seen_at, incoming.first_document_id)
                < (known.first_seen_at, known.first_document_id) AS is_asking
    FROM incoming_texts AS incoming
    LEFT JOIN fct_story_texts AS known ON known.text_id = incoming.text_id
)
SELECT
    text_id,
    CASE WHEN is_asking THEN incoming.first_document_id ELSE known.first_document_id END
        AS first_document_id,
    CASE WHEN is_asking THEN incoming.source_id ELSE known.source_id END AS source_id,
    CASE WHEN is_asking THEN incoming.first_seen_at ELSE known.first_seen_at END AS first_seen_at,
    CASE WHEN is_asking THEN incoming.mentioned_at ELSE known.mentioned_at END AS mentioned_at,
    CAST(coalesce(known.shingle_count, incoming.shingle_count) AS INTEGER) AS shingle_count,
    is_known,
    is_asking AS is_changed,
    is_asking
FROM compared;
