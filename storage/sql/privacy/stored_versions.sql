-- Grain: one row per version of a document that the warehouse holds. Read by: storage.forgetting.
SELECT
    document_id, source_id, kind, url, canonical_url, title, text, author_key, language,
    published_at, published_at_quality, fetched_at, content_hash, guid, in_reply_to, story_id
FROM fct_documents
UNION ALL
SELECT
    document_id, source_id, other_version.kind, other_version.url, other_version.canonical_url,
    other_version.title, other_version.text, other_version.author_key, other_version.language,
    published_at, published_at_quality, fetched_at, content_hash, other_version.guid,
    other_version.in_reply_to, other_version.story_id
FROM fct_document_sources
WHERE other_version IS NOT NULL;
