-- Grain: one row per document that the tagger of this version has not read. Read by: storage.loading.
-- One whose words retention took keeps the mentions it has.
SELECT
    document_id, source_id, kind, url, canonical_url, title, text, author_key, language,
    published_at, published_at_quality, fetched_at, content_hash, guid, in_reply_to, story_id
FROM fct_documents
WHERE tagged_with IS DISTINCT FROM $tagger_version AND NOT (title = '' AND text = '')
ORDER BY document_id
LIMIT $row_limit;
