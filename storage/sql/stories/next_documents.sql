-- Grain: one row per document that waits for its story, the first collected first.
-- Read by: storage.story_assignment, which finds it again by its row number.
SELECT
    rowid AS row_number,
    document_id,
    title,
    text,
    text_id AS old_text_id,
    story_id AS old_story_id,
    source_ids[1] AS source_id,
    first_seen_at,
    mentioned_at
FROM fct_documents
WHERE document_id IN (SELECT document_id FROM story_queue)
ORDER BY first_seen_at, document_id
LIMIT $row_limit;
