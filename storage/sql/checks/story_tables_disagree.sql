-- Every document that does not wait for its story has a text, and its story is that of its text.
-- Grain: one row per document in disagreement. Read by: storage.checks.
-- Stories are compared by digest: the names of millions do not fit into the memory of a small machine.
WITH roots AS (SELECT text_id, hash(first_document_id) AS story FROM fct_story_texts),
expected AS (
    SELECT text.text_id, roots.story
    FROM fct_story_texts AS text
    JOIN roots ON roots.text_id = text.root_text_id
),
told AS (SELECT rowid AS place, text_id, hash(story_id) AS story FROM fct_documents),
strays AS (
    SELECT told.place
    FROM told
    LEFT JOIN expected USING (text_id)
    WHERE expected.story IS DISTINCT FROM told.story
)
SELECT document.document_id, document.story_id, document.text_id
FROM fct_documents AS document
SEMI JOIN strays ON strays.place = document.rowid
ANTI JOIN story_queue ON story_queue.document_id = document.document_id;
