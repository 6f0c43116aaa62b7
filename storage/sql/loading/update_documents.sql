-- Grain: one row per known document of chosen_documents that is another now. Read by: storage.loading.
-- A document whose text changed is to be tagged again. Its story is another step's matter.
UPDATE fct_documents SET
    source_id = chosen.source_id,
    source_ids = chosen.source_ids,
    kind = chosen.kind,
    url = chosen.url,
    canonical_url = chosen.canonical_url,
    title = chosen.title,
    text = chosen.text,
    author_key = chosen.author_key,
    language = chosen.language,
    found_language = CASE WHEN chosen.is_same_text THEN chosen.known_language END,
    published_at = chosen.published_at,
    published_at_quality = chosen.published_at_quality,
    mentioned_at = chosen.mentioned_at,
    first_seen_at = chosen.first_seen_at,
    fetched_at = chosen.fetched_at,
    content_hash = chosen.content_hash,
    guid = chosen.guid,
    in_reply_to = chosen.in_reply_to,
    tagged_with = CASE WHEN chosen.is_same_text THEN chosen.known_tagger END,
    loaded_at = CAST($now AS TIMESTAMPTZ)
FROM (
    SELECT
        chosen.*,
        known.row_number,
        known.found_language AS known_language,
        known.tagged_with AS known_tagger,
        known.content_hash = chosen.content_hash AS is_same_text
    FROM chosen_documents AS chosen
    JOIN known_documents AS known USING (document_id)
    WHERE known.source_ids IS DISTINCT FROM chosen.source_ids
        OR (
            known.source_id, known.fetched_at, known.first_seen_at, known.content_hash,
            known.published_at, known.published_at_quality, known.url, known.canonical_url,
            known.author_key, known.language, known.guid, known.in_reply_to, known.kind,
            known.title, known.text
        ) IS DISTINCT FROM (
            chosen.source_id, chosen.fetched_at, chosen.first_seen_at, chosen.content_hash,
            chosen.published_at, chosen.published_at_quality, chosen.url, chosen.canonical_url,
            chosen.author_key, chosen.language, chosen.guid, chosen.in_reply_to, chosen.kind,
            chosen.title, chosen.text
        )
) AS chosen
WHERE fct_documents.rowid = chosen.row_number;
