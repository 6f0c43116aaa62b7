-- Grain: one row per document of the queue or of a text that moved, with its story as it is now.
-- Read by: storage.story_assignment.
CREATE OR REPLACE TEMP TABLE assigned AS
WITH moved AS (
    SELECT row_number, text_id, old_text_id, old_story_id FROM incoming_documents
    UNION ALL
    SELECT document.rowid, document.text_id, document.text_id, document.story_id
    FROM fct_documents AS document
    SEMI JOIN moved_texts ON moved_texts.text_id = document.text_id
    ANTI JOIN incoming_documents AS queued ON queued.row_number = document.rowid
)
SELECT
    moved.row_number,
    moved.text_id,
    moved.old_story_id,
    root.first_document_id AS story_id,
    moved.text_id IS DISTINCT FROM moved.old_text_id
        OR moved.old_story_id <> root.first_document_id AS is_changed
FROM moved
JOIN fct_story_texts AS text ON text.text_id = moved.text_id
JOIN fct_story_texts AS root ON root.text_id = text.root_text_id;

DROP TABLE moved_texts;
