-- Every mention names a brand of dim_brands.
-- Grain: one row per orphan mention. Read by: storage.checks.
SELECT document_id, brand_id
FROM fct_mentions
WHERE brand_id NOT IN (SELECT brand_id FROM dim_brands);
