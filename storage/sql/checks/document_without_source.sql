-- Every document is listed under the sources that carry it, and its owner is one of them.
-- Grain: one row per document in disagreement. Read by: storage.checks.
WITH carried AS (
    SELECT
        document_id,
        list(source_id ORDER BY first_seen_at, source_id) AS source_ids,
        count(*) FILTER (other_version IS NULL) AS owner_count
    FROM fct_document_sources
    GROUP BY document_id
)
SELECT document.document_id, document.source_id, document.source_ids, carried.source_ids AS carried_by
FROM fct_documents AS document
FULL JOIN carried ON carried.document_id = document.document_id
WHERE carried.source_ids IS DISTINCT FROM document.source_ids
    OR NOT list_contains(document.source_ids, document.source_id)
    OR carried.owner_count <> 1;
