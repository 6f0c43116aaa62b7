-- Grain: one row per exclusion that the old warehouse knows too. Read by: storage.rebuilding.
-- Since when it is one decides how long it is kept; files do not tell.
UPDATE fct_exclusions SET excluded_at = known.excluded_at
FROM original.fct_exclusions AS known
WHERE (known.document_id, known.brand_id, known.reason)
    = (fct_exclusions.document_id, fct_exclusions.brand_id, fct_exclusions.reason);

-- What changes of queries gained and lost was noted when they happened, with what was known then:
-- tagging again in order would note it anew.
DELETE FROM dim_taggers;
INSERT INTO dim_taggers BY NAME FROM original.dim_taggers;
DELETE FROM fct_query_changes;
INSERT INTO fct_query_changes BY NAME FROM original.fct_query_changes;
