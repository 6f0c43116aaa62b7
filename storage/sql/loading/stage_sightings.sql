-- Grain: one row per (document_id, source_id), for every document that incoming_documents names:
-- its latest version in that source, whether it came now or lies in the warehouse.
-- Read by: storage.loading. The latest version and the first sight do not depend on the order in
-- which batches are loaded; ties between equal instants are broken by content.
-- The large tables are read once, and of most rows the identifiers alone: known_documents and
-- known_sources are whole rows, with the numbers by which they are found again until they are changed.
CREATE OR REPLACE TEMP TABLE known_documents AS
SELECT rowid AS row_number, *
FROM fct_documents
WHERE rowid IN (
    SELECT rowid FROM fct_documents
    WHERE document_id IN (SELECT document_id FROM incoming_documents)
);

CREATE OR REPLACE TEMP TABLE known_sources AS
SELECT rowid AS row_number, *
FROM fct_document_sources
WHERE rowid IN (
    SELECT rowid FROM fct_document_sources
    WHERE document_id IN (SELECT document_id FROM known_documents)
);

CREATE OR REPLACE TEMP TABLE sightings AS
WITH shown AS (
    SELECT *, fetched_at AS first_seen_at, true AS is_incoming
    FROM incoming_documents
    UNION ALL BY NAME
    SELECT
        seen.document_id,
        seen.source_id,
        seen.first_seen_at,
        seen.fetched_at,
        seen.content_hash,
        seen.published_at,
        seen.published_at_quality,
        unnest(coalesce(seen.other_version, {
            'kind': document.kind,
            'url': document.url,
            'canonical_url': document.canonical_url,
            'title': document.title,
            'text': document.text,
            'author_key': document.author_key,
            'language': document.language,
            'guid': document.guid,
            'in_reply_to': document.in_reply_to,
            'story_id': document.document_id
        })),
        false AS is_incoming
    FROM known_sources AS seen
    JOIN known_documents AS document ON document.document_id = seen.document_id
)
SELECT
    * EXCLUDE (first_seen_at, is_incoming),
    min(first_seen_at) OVER sighting AS first_seen_at,
    bool_or(is_incoming) OVER sighting AS is_incoming,
    length(text) AS text_length
FROM shown
WINDOW sighting AS (PARTITION BY document_id, source_id)
QUALIFY row_number() OVER (
    PARTITION BY document_id, source_id
    ORDER BY
        fetched_at DESC, content_hash DESC, published_at DESC NULLS LAST,
        published_at_quality, url, canonical_url, author_key, language, guid, in_reply_to, kind,
        title, story_id, text, is_incoming
) = 1;
