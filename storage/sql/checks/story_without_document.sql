-- Every document belongs to a story that says something.
-- Grain: one row per document without a story. Read by: storage.checks.
-- What is blank sorts before '!': the bounds of each part of the column tell without reading it.
SELECT document_id FROM fct_documents WHERE story_id < '!' AND trim(story_id) = '';
