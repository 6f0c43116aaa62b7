-- Grain: one row per mention of an own brand, oldest first. Read by: listening.demo.past.
SELECT document_id, brand_id, url, polarity, mentioned_at
FROM mentions
WHERE brand_role = 'own'
ORDER BY mentioned_at, document_id;
