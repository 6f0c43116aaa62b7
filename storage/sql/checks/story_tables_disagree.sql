-- Every document that does not wait for its story has a text, and its story is that of its text.
-- Grain: one row per document in disagreement. Read by: storage.checks.
SELECT document.document_id, document.story_id, root.first_document_id AS expected_story_id
FROM fct_documents AS document
LEFT JOIN fct_story_texts AS text ON text.text_id = document.text_id
LEFT JOIN fct_story_texts AS root ON root.text_id = text.root_text_id
ANTI JOIN story_queue ON story_queue.document_id = document.document_id
WHERE root.first_document_id IS DISTINCT FROM document.story_id;
