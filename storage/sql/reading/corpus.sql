-- Grain: one row per stored document. Read by: storage.verdicts (vigie query).
SELECT
    document_id, source_id, kind, url, canonical_url, title, text, author_key, language,
    published_at, published_at_quality, fetched_at, content_hash, guid, in_reply_to, story_id,
    found_language
FROM fct_documents
ORDER BY document_id;
