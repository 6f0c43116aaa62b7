-- A score is a number in [-1, 1], a confidence one in [0, 1]; no NaN.
-- Grain: one row per mention out of range. Read by: storage.checks.
SELECT document_id, brand_id, score, confidence
FROM fct_mentions
WHERE isnan(score) OR isnan(confidence) OR score NOT BETWEEN -1 AND 1
    OR confidence NOT BETWEEN 0 AND 1;
