-- Grain: one row per verdict on relevance in force, of one brand. Read by: storage.verdicts.
-- In the order of the verdicts, so that the newest can be preferred.
SELECT
    mention.document_id,
    mention.human_is_relevant AS is_relevant,
    list_transform(mention.hits, lambda hit: [hit."start", hit."end"]) AS places,
    CASE WHEN document.title = '' THEN document.text
        ELSE document.title || chr(10) || document.text END AS text
FROM fct_mentions AS mention
JOIN fct_documents AS document USING (document_id)
WHERE mention.brand_id = $brand_id AND mention.human_is_relevant IS NOT NULL
ORDER BY mention.human_labelled_at, mention.document_id;
