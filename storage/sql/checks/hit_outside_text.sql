-- Every hit of a tagged document lies inside its full text (title, newline, text).
-- A document whose words retention took is left out.
-- Grain: one row per hit outside. Read by: storage.checks.
SELECT mention.document_id, mention.brand_id, hit."start", hit."end"
FROM fct_mentions AS mention
JOIN fct_documents AS document USING (document_id), unnest(mention.hits) AS hits(hit)
WHERE document.tagged_with = mention.tagger_version
    AND NOT (document.title = '' AND document.text = '')
    AND (
        hit."start" < 0
        OR hit."end" <= hit."start"
        OR hit."end" > length(document.title) + length(document.text)
            + CASE WHEN document.title = '' THEN 0 ELSE 1 END
    );
