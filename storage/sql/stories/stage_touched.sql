-- Grain: one row per text that a queued document has or had, as its documents make it now; without
-- a first document, nobody has it any more. Read by: storage.story_assignment.
CREATE OR REPLACE TEMP TABLE queued_documents AS
SELECT incoming.document_id, incoming.text_id, document.text_id AS old_text_id
FROM incoming_documents AS incoming
JOIN fct_documents AS document USING (document_id);

UPDATE fct_documents SET text_id = queued.text_id
FROM queued_documents AS queued
WHERE queued.document_id = fct_documents.document_id AND queued.old_text_id IS DISTINCT FROM queued.text_id;

CREATE OR REPLACE TEMP TABLE touched_texts AS
WITH touched AS (
    SELECT text_id FROM queued_documents
    UNION
    SELECT old_text_id FROM queued_documents WHERE old_text_id IS NOT NULL
),
firsts AS (
    SELECT
        document.text_id,
        min({'at': document.first_seen_at, 'document_id': document.document_id}) AS head
    FROM fct_documents AS document
    SEMI JOIN touched ON touched.text_id = document.text_id
    GROUP BY document.text_id
),
now_so AS (
    SELECT
        document.text_id,
        document.document_id AS first_document_id,
        document.source_ids[1] AS source_id,
        document.first_seen_at,
        document.mentioned_at
    FROM fct_documents AS document
    JOIN firsts ON firsts.head.document_id = document.document_id
)
SELECT
    touched.text_id,
    now_so.first_document_id,
    now_so.source_id,
    now_so.first_seen_at,
    now_so.mentioned_at,
    known.text_id IS NOT NULL AS is_known,
    known.first_document_id AS old_first_document_id,
    (known.first_document_id, known.source_id, known.first_seen_at, known.mentioned_at)
        IS DISTINCT FROM (
            now_so.first_document_id, now_so.source_id, now_so.first_seen_at, now_so.mentioned_at
        ) AS is_changed
FROM touched
LEFT JOIN now_so USING (text_id)
LEFT JOIN fct_story_texts AS known ON known.text_id = touched.text_id;
