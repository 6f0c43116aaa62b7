-- Grain: one row per document with a mention of $brand_id whose id begins with $start.
-- Read by: storage.mentions.
SELECT document_id
FROM fct_mentions
WHERE brand_id = $brand_id AND starts_with(document_id, $start)
ORDER BY document_id;
