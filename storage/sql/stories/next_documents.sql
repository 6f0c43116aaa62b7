-- Grain: one row per document that waits for its story, the first collected first.
-- Read by: storage.story_assignment.
SELECT document_id, title, text
FROM fct_documents
WHERE document_id IN (SELECT document_id FROM story_queue)
ORDER BY first_seen_at, document_id
LIMIT $row_limit;
