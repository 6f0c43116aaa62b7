-- Grain: one row per mention of one brand that a person called relevant or not.
-- Read by: storage.verdicts.
SELECT document_id, human_is_relevant FROM fct_mentions
WHERE brand_id = $brand_id AND human_is_relevant IS NOT NULL;
