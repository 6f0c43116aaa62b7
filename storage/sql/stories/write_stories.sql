-- Grain: one row per story that gained or lost a document. Read by: storage.story_assignment.
UPDATE fct_story_texts SET root_text_id = incoming.root_text_id
FROM incoming_roots AS incoming
WHERE incoming.text_id = fct_story_texts.text_id
    AND incoming.root_text_id <> fct_story_texts.root_text_id;

CREATE OR REPLACE TEMP TABLE assigned AS
SELECT document.document_id, document.story_id AS old_story_id, root.first_document_id AS story_id
FROM fct_documents AS document
JOIN (
    SELECT text_id FROM moved_texts
    UNION
    SELECT text_id FROM touched_texts
) AS moved ON moved.text_id = document.text_id
JOIN fct_story_texts AS text ON text.text_id = document.text_id
JOIN fct_story_texts AS root ON root.text_id = text.root_text_id;

UPDATE fct_documents SET story_id = assigned.story_id
FROM assigned
WHERE assigned.document_id = fct_documents.document_id
    AND assigned.story_id <> assigned.old_story_id;

CREATE OR REPLACE TEMP TABLE refreshed AS
SELECT story_id FROM stories_before
UNION
SELECT story_id FROM assigned
UNION
SELECT old_story_id FROM assigned;

DELETE FROM fct_stories WHERE story_id IN (SELECT story_id FROM refreshed);

INSERT INTO fct_stories BY NAME
WITH counted AS (
    SELECT
        story_id,
        min({'at': mentioned_at, 'document_id': document_id}) AS head,
        max(mentioned_at) AS last_mentioned_at,
        count(*) AS document_count,
        count(DISTINCT text_id) AS text_count,
        count(DISTINCT source_id) AS source_count
    FROM fct_documents
    SEMI JOIN refreshed USING (story_id)
    GROUP BY story_id
)
SELECT
    counted.story_id,
    document.title,
    document.url,
    document.document_id AS first_document_id,
    document.source_id AS first_source_id,
    document.mentioned_at AS first_mentioned_at,
    counted.last_mentioned_at,
    counted.document_count,
    counted.text_count,
    counted.source_count
FROM counted
JOIN fct_documents AS document ON document.document_id = counted.head.document_id;

DELETE FROM story_queue WHERE document_id IN (SELECT document_id FROM queued_documents);
DROP TABLE queued_documents;
DROP TABLE touched_texts;
DROP TABLE asking_texts;
DROP TABLE family;
DROP TABLE incoming_sizes;
DROP TABLE rewritten;
DROP TABLE stories_before;
DROP TABLE asking_shingles;
DROP TABLE story_pairs;
DROP TABLE changed_links;
DROP TABLE moved_texts;
DROP TABLE assigned;
DROP TABLE refreshed;
