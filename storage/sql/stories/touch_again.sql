-- Grain: one row per text that a queued document has or had, as its documents make it now; without
-- a first document, nobody has it any more. Read by: storage.story_assignment, where a document of
-- the queue had a text already: such a text is made from all its documents again.
CREATE OR REPLACE TEMP TABLE touched_texts AS
WITH disturbed AS (
    SELECT DISTINCT old_text_id AS text_id FROM incoming_documents WHERE old_text_id IS NOT NULL
),
touched AS (
    SELECT text_id FROM incoming_texts
    UNION
    SELECT text_id FROM disturbed
),
known AS (
    SELECT text.* FROM fct_story_texts AS text SEMI JOIN touched ON touched.text_id = text.text_id
),
candidates AS (
    SELECT text_id, first_seen_at, first_document_id, source_id, mentioned_at FROM incoming_texts
    UNION ALL
    SELECT text_id, first_seen_at, first_document_id, source_id, mentioned_at
    FROM known
    ANTI JOIN disturbed ON disturbed.text_id = known.text_id
    UNION ALL
    SELECT text_id, first_seen_at, document_id, source_ids[1], mentioned_at
    FROM fct_documents AS document
    SEMI JOIN disturbed ON disturbed.text_id = document.text_id
    ANTI JOIN incoming_documents AS queued ON queued.row_number = document.rowid
),
firsts AS (
    SELECT
        text_id,
        min({
            'at': first_seen_at,
            'document_id': first_document_id,
            'source_id': source_id,
            'mentioned_at': mentioned_at
        }) AS head
    FROM candidates
    GROUP BY text_id
),
now_so AS (
    SELECT
        touched.text_id,
        firsts.head.document_id AS first_document_id,
        firsts.head.source_id AS source_id,
        firsts.head.at AS first_seen_at,
        firsts.head.mentioned_at AS mentioned_at
    FROM touched
    LEFT JOIN firsts ON firsts.text_id = touched.text_id
)
SELECT
    now_so.*,
    CAST(coalesce(known.shingle_count, incoming.shingle_count) AS INTEGER) AS shingle_count,
    known.text_id IS NOT NULL AS is_known,
    (known.first_document_id, known.source_id, known.first_seen_at, known.mentioned_at)
        IS DISTINCT FROM (
            now_so.first_document_id, now_so.source_id, now_so.first_seen_at, now_so.mentioned_at
        ) AS is_changed,
    is_changed AND now_so.first_document_id IS NOT NULL AS is_asking
FROM now_so
LEFT JOIN known ON known.text_id = now_so.text_id
LEFT JOIN incoming_texts AS incoming ON incoming.text_id = now_so.text_id;
