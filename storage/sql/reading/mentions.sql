-- Grain: one row per mention (document_id, brand_id). Read by: storage.mentions.
-- Either the one asked for, or those whose tone a person has said, in the order in which it was.
SELECT
    document.document_id, document.source_id, document.kind, document.url, document.canonical_url,
    document.title, document.text, document.author_key, document.language, document.published_at,
    document.published_at_quality, document.fetched_at, document.content_hash, document.guid,
    document.in_reply_to, document.story_id, mention.brand_id, mention.polarity, mention.score,
    mention.confidence, mention.hits, mention.evidence, mention.flags,
    mention.language AS judged_language, mention.query_version, mention.model_version,
    mention.human_polarity, mention.human_labelled_by
FROM fct_mentions AS mention
JOIN fct_documents AS document USING (document_id)
WHERE ($document_id IS NULL OR mention.document_id = $document_id)
    AND ($brand_id IS NULL OR mention.brand_id = $brand_id)
    AND (NOT $is_said OR mention.human_polarity IS NOT NULL)
ORDER BY mention.human_labelled_at, mention.document_id, mention.brand_id;
