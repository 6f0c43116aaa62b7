-- Grain: one row per story that gained or lost a document (assigned). Read by:
-- storage.story_assignment.
UPDATE fct_documents SET text_id = assigned.text_id, story_id = assigned.story_id
FROM assigned
WHERE assigned.row_number = fct_documents.rowid AND assigned.is_changed;

DELETE FROM fct_stories
WHERE story_id IN (SELECT unnest([story_id, old_story_id]) FROM assigned);

INSERT INTO fct_stories BY NAME
WITH counted AS (
    SELECT
        story_id,
        min({'at': mentioned_at, 'document_id': document_id, 'row_number': rowid}) AS head,
        max(mentioned_at) AS last_mentioned_at,
        count(*) AS document_count,
        -- Several times as fast as count(DISTINCT) where nearly every story has one document.
        len(list_distinct(list(text_id))) AS text_count,
        len(list_distinct(list(source_id))) AS source_count
    FROM fct_documents
    WHERE story_id IN (SELECT unnest([story_id, old_story_id]) FROM assigned)
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
JOIN fct_documents AS document ON document.rowid = counted.head.row_number;

DELETE FROM story_queue WHERE document_id IN (SELECT document_id FROM incoming_documents);
DROP TABLE touched_texts;
DROP TABLE assigned;
