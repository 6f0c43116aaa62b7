-- Grain: one row: what loading incoming_documents will come to, counted in (document, source).
-- Read by: storage.loading, before anything is written.
SELECT
    count(*) FILTER (document.document_id IS NULL AND is_first) AS new_count,
    count(*) FILTER (known.document_id IS NOT NULL AND known.content_hash <> sightings.content_hash)
        AS changed_count,
    count(*) FILTER (known.document_id IS NOT NULL AND known.content_hash = sightings.content_hash)
        AS unchanged_count,
    count(*) FILTER (known.document_id IS NULL AND NOT (document.document_id IS NULL AND is_first))
        AS merged_count
FROM (
    SELECT
        *,
        row_number() OVER (PARTITION BY document_id ORDER BY first_seen_at, source_id) = 1 AS is_first
    FROM sightings
) AS sightings
LEFT JOIN known_documents AS document ON document.document_id = sightings.document_id
LEFT JOIN known_sources AS known
    ON known.document_id = sightings.document_id AND known.source_id = sightings.source_id
WHERE sightings.is_incoming;
