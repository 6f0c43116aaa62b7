-- Grain: one row per (document_id, source_id) of sightings. Read by: storage.loading.
-- The version that fct_documents shows is kept there alone; every other one is kept here whole.
CREATE OR REPLACE TEMP TABLE carried AS
SELECT
    sightings.document_id,
    sightings.source_id,
    sightings.first_seen_at,
    sightings.fetched_at,
    sightings.content_hash,
    sightings.published_at,
    sightings.published_at_quality,
    CASE WHEN sightings.source_id <> chosen.source_id THEN {
        'kind': sightings.kind,
        'url': sightings.url,
        'canonical_url': sightings.canonical_url,
        'title': sightings.title,
        'text': sightings.text,
        'author_key': sightings.author_key,
        'language': sightings.language,
        'guid': sightings.guid,
        'in_reply_to': sightings.in_reply_to,
        'story_id': sightings.story_id
    } END AS other_version
FROM sightings
JOIN chosen_documents AS chosen USING (document_id);

UPDATE fct_document_sources SET
    first_seen_at = carried.first_seen_at,
    fetched_at = carried.fetched_at,
    content_hash = carried.content_hash,
    published_at = carried.published_at,
    published_at_quality = carried.published_at_quality,
    other_version = carried.other_version
FROM (
    SELECT carried.*, known.row_number
    FROM carried
    JOIN known_sources AS known USING (document_id, source_id)
    WHERE known.other_version IS DISTINCT FROM carried.other_version
        OR (
            known.first_seen_at, known.fetched_at, known.content_hash, known.published_at,
            known.published_at_quality
        ) IS DISTINCT FROM (
            carried.first_seen_at, carried.fetched_at, carried.content_hash, carried.published_at,
            carried.published_at_quality
        )
) AS carried
WHERE fct_document_sources.rowid = carried.row_number;

INSERT INTO fct_document_sources BY NAME
FROM carried
ANTI JOIN known_sources USING (document_id, source_id);

DROP TABLE carried;
