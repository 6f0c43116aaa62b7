-- Grain: one row, one value: whether checks/document_without_source surely finds nothing.
-- Read by: storage.checks. Sums of 64-bit digests of the same pairs are equal on both sides; the order
-- of sources is looked at where there are several. A scan costs a fifth of putting the lists together.
WITH several AS (
    SELECT document_id, source_ids FROM fct_documents WHERE len(source_ids) > 1
),
documents AS (
    SELECT
        coalesce(sum(CAST(hash(document_id, source_ids[1]) AS HUGEINT)), 0) AS first_pairs,
        coalesce(sum(CAST(hash(document_id) AS HUGEINT)), 0) AS owners,
        coalesce(bool_and(list_contains(source_ids, source_id)), true) AS is_listed
    FROM fct_documents
),
further AS (
    SELECT coalesce(sum(CAST(hash(document_id, source_id) AS HUGEINT)), 0) AS pairs
    FROM (SELECT document_id, unnest(source_ids[2:]) AS source_id FROM several)
),
carried AS (
    SELECT
        coalesce(sum(CAST(hash(document_id, source_id) AS HUGEINT)), 0) AS pairs,
        coalesce(sum(CAST(hash(document_id) AS HUGEINT)) FILTER (other_version IS NULL), 0) AS owners
    FROM fct_document_sources
),
ordered AS (
    SELECT document_id, list(source_id ORDER BY first_seen_at, source_id) AS source_ids
    FROM fct_document_sources
    SEMI JOIN several USING (document_id)
    GROUP BY document_id
)
SELECT
    documents.is_listed
    AND documents.owners = carried.owners
    AND documents.first_pairs + further.pairs = carried.pairs
    AND NOT EXISTS (
        FROM several JOIN ordered USING (document_id)
        WHERE several.source_ids IS DISTINCT FROM ordered.source_ids
    )
FROM documents, further, carried;
