-- Grain: one row per document of the queue, with its story as it is now. Read by:
-- storage.story_assignment, where no other document moves with them.
CREATE OR REPLACE TEMP TABLE assigned AS
SELECT
    queued.row_number,
    queued.text_id,
    queued.old_story_id,
    root.first_document_id AS story_id,
    queued.text_id IS DISTINCT FROM queued.old_text_id
        OR queued.old_story_id <> root.first_document_id AS is_changed
FROM incoming_documents AS queued
JOIN fct_story_texts AS text ON text.text_id = queued.text_id
JOIN fct_story_texts AS root ON root.text_id = text.root_text_id;
