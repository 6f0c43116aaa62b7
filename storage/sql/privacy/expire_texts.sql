-- Grain: one row per document of expired (stage_expired.sql). Read by: storage.retention. What counts stays: dates, source, mentions with their tone, story.
UPDATE fct_documents SET
    title = '', text = '', url = NULL, canonical_url = NULL, author_key = NULL, guid = NULL,
    in_reply_to = NULL
WHERE document_id IN (FROM expired);

UPDATE fct_document_sources SET other_version = struct_update(
    other_version,
    title := '', "text" := '', url := NULL::VARCHAR, canonical_url := NULL::VARCHAR,
    author_key := NULL::VARCHAR, guid := NULL::VARCHAR, in_reply_to := NULL::VARCHAR
)
WHERE other_version IS NOT NULL AND document_id IN (FROM expired);

UPDATE fct_mentions SET evidence = [] WHERE document_id IN (FROM expired);
DELETE FROM fct_mention_actions WHERE kind = 'note' AND document_id IN (FROM expired);
DELETE FROM fct_exclusions WHERE document_id IN (FROM expired);
UPDATE fct_stories SET title = '', url = NULL WHERE first_document_id IN (FROM expired);
