-- Grain: one row per mention that a person labelled. Read by: storage.verdicts.
SELECT document_id, brand_id FROM fct_mentions
WHERE human_polarity IS NOT NULL OR human_is_relevant;
