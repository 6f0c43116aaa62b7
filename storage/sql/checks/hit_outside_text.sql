-- Every hit of a tagged document lies inside its full text (title, newline, text).
-- A document whose words retention took is left out.
-- Grain: one row per hit outside. Read by: storage.checks. $since: only what was loaded or tagged since;
-- the lengths of all texts are the dearest thing to read in a warehouse.
WITH changed AS (
    SELECT document_id FROM fct_documents WHERE loaded_at >= $since
    UNION
    SELECT document_id FROM fct_mentions WHERE tagged_at >= $since
),
documents AS (
    SELECT document_id, tagged_with, length(title) AS title_length, length("text") AS text_length
    FROM fct_documents
    SEMI JOIN changed USING (document_id)
)
SELECT mention.document_id, mention.brand_id, hit."start", hit."end"
FROM fct_mentions AS mention
JOIN documents AS document USING (document_id), unnest(mention.hits) AS hits(hit)
WHERE document.tagged_with = mention.tagger_version
    AND document.title_length + document.text_length > 0
    AND (
        hit."start" < 0
        OR hit."end" <= hit."start"
        OR hit."end" > document.title_length + document.text_length
            + CASE WHEN document.title_length = 0 THEN 0 ELSE 1 END
    );
