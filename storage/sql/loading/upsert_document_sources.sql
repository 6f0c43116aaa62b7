-- Grain: one row per (document_id, source_id) of sightings. Read by: storage.loading.
-- The version that fct_documents shows is kept there alone; every other one is kept here whole.
INSERT INTO fct_document_sources BY NAME
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
JOIN chosen_documents AS chosen USING (document_id)
ON CONFLICT (document_id, source_id) DO UPDATE SET
    first_seen_at = excluded.first_seen_at,
    fetched_at = excluded.fetched_at,
    content_hash = excluded.content_hash,
    published_at = excluded.published_at,
    published_at_quality = excluded.published_at_quality,
    other_version = excluded.other_version
WHERE (
    fct_document_sources.first_seen_at, fct_document_sources.fetched_at,
    fct_document_sources.content_hash, fct_document_sources.published_at,
    fct_document_sources.published_at_quality
) IS DISTINCT FROM (
    excluded.first_seen_at, excluded.fetched_at, excluded.content_hash, excluded.published_at,
    excluded.published_at_quality
) OR fct_document_sources.other_version IS DISTINCT FROM excluded.other_version;
