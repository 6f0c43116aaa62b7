-- Grain: one row per document of chosen_documents. Read by: storage.loading.
-- A document whose text changed is to be tagged again. Its story is another step's matter.
INSERT INTO fct_documents BY NAME
SELECT *, CAST($now AS TIMESTAMPTZ) AS loaded_at FROM chosen_documents
ON CONFLICT (document_id) DO UPDATE SET
    source_id = excluded.source_id,
    source_ids = excluded.source_ids,
    kind = excluded.kind,
    url = excluded.url,
    canonical_url = excluded.canonical_url,
    title = excluded.title,
    text = excluded.text,
    author_key = excluded.author_key,
    language = excluded.language,
    found_language = CASE
        WHEN fct_documents.content_hash = excluded.content_hash THEN fct_documents.found_language
    END,
    published_at = excluded.published_at,
    published_at_quality = excluded.published_at_quality,
    mentioned_at = excluded.mentioned_at,
    first_seen_at = excluded.first_seen_at,
    fetched_at = excluded.fetched_at,
    content_hash = excluded.content_hash,
    guid = excluded.guid,
    in_reply_to = excluded.in_reply_to,
    tagged_with = CASE
        WHEN fct_documents.content_hash = excluded.content_hash THEN fct_documents.tagged_with
    END,
    loaded_at = excluded.loaded_at
WHERE fct_documents.source_ids IS DISTINCT FROM excluded.source_ids
    OR (
        fct_documents.source_id, fct_documents.fetched_at, fct_documents.first_seen_at,
        fct_documents.content_hash, fct_documents.published_at,
        fct_documents.published_at_quality, fct_documents.url, fct_documents.canonical_url,
        fct_documents.author_key, fct_documents.language, fct_documents.guid,
        fct_documents.in_reply_to, fct_documents.kind, fct_documents.title,
        fct_documents.text
    ) IS DISTINCT FROM (
        excluded.source_id, excluded.fetched_at, excluded.first_seen_at,
        excluded.content_hash, excluded.published_at,
        excluded.published_at_quality, excluded.url, excluded.canonical_url,
        excluded.author_key, excluded.language, excluded.guid,
        excluded.in_reply_to, excluded.kind, excluded.title,
        excluded.text
    );
