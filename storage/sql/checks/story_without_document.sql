-- Every document belongs to a story that says something.
-- Grain: one row per document without a story. Read by: storage.checks.
SELECT document_id FROM fct_documents WHERE trim(story_id) = '';
