-- Grain: one row per text that is new, changed or gone, and per text that repeated such a one: all
-- of them look for the text they repeat. Read by: storage.story_assignment.
CREATE OR REPLACE TEMP TABLE asking_texts AS
SELECT text_id, is_known FROM touched_texts WHERE is_changed AND first_document_id IS NOT NULL
UNION
SELECT text.text_id, true
FROM fct_story_texts AS text
JOIN touched_texts AS touched ON touched.text_id = text.parent_text_id
WHERE touched.is_changed AND touched.is_known
    AND text.text_id NOT IN (
        SELECT text_id FROM touched_texts WHERE is_changed
    );

CREATE OR REPLACE TEMP TABLE family AS
WITH RECURSIVE descendants AS (
    SELECT text_id FROM touched_texts WHERE is_changed AND is_known
    UNION
    SELECT text.text_id
    FROM fct_story_texts AS text
    JOIN descendants ON descendants.text_id = text.parent_text_id
)
SELECT text_id FROM descendants;

CREATE OR REPLACE TEMP TABLE incoming_sizes AS
SELECT text_id, count(*) AS shingle_count FROM incoming_shingles GROUP BY text_id;

CREATE OR REPLACE TEMP TABLE rewritten AS
SELECT
    touched.text_id,
    touched.text_id AS root_text_id,
    CAST(coalesce(sizes.shingle_count, known.shingle_count, 0) AS INTEGER) AS shingle_count,
    touched.first_document_id,
    touched.source_id,
    touched.first_seen_at,
    touched.mentioned_at
FROM touched_texts AS touched
LEFT JOIN incoming_sizes AS sizes USING (text_id)
LEFT JOIN fct_story_texts AS known ON known.text_id = touched.text_id
WHERE touched.is_changed AND touched.first_document_id IS NOT NULL;

CREATE OR REPLACE TEMP TABLE stories_before AS
SELECT DISTINCT story_id FROM fct_documents
WHERE document_id IN (SELECT document_id FROM queued_documents)
    OR text_id IN (SELECT text_id FROM family);

DELETE FROM fct_story_texts
WHERE text_id IN (SELECT text_id FROM touched_texts WHERE is_changed AND is_known);

DELETE FROM story_shingles
WHERE text_id IN (SELECT text_id FROM touched_texts WHERE is_known AND first_document_id IS NULL);

INSERT INTO fct_story_texts BY NAME FROM rewritten;

INSERT INTO story_shingles
SELECT incoming.text_id, incoming.shingle, incoming.place, CAST(text.first_seen_at AS DATE)
FROM incoming_shingles AS incoming
JOIN rewritten AS text USING (text_id)
JOIN touched_texts AS touched USING (text_id)
WHERE NOT touched.is_known
ORDER BY incoming.text_id, incoming.place;

CREATE OR REPLACE TEMP TABLE asking_shingles AS
SELECT text_id, shingle, place FROM incoming_shingles
WHERE text_id IN (SELECT text_id FROM asking_texts);
