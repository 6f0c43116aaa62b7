-- Every document that does not wait for its story has a text, and its story is that of its text.
-- Grain: one row per document in disagreement. Read by: storage.checks.
-- Pairs of text and story are compared by digest: the names of millions do not fit into the memory of
-- a small machine. Nearly every text is the first of its story, and joins nothing to say so.
WITH roots AS (
    SELECT text_id, hash(first_document_id) AS story
    FROM fct_story_texts
    WHERE root_text_id = text_id
),
expected AS (
    SELECT hash(text_id, story) AS pair FROM roots
    UNION ALL
    SELECT hash(text.text_id, roots.story)
    FROM fct_story_texts AS text
    JOIN roots ON roots.text_id = text.root_text_id
    WHERE text.root_text_id <> text.text_id
),
told AS (SELECT rowid AS place, hash(text_id, hash(story_id)) AS pair FROM fct_documents)
SELECT document_id, story_id, text_id
FROM fct_documents
WHERE rowid IN (SELECT place FROM told ANTI JOIN expected USING (pair))
    AND document_id NOT IN (SELECT document_id FROM story_queue);
