-- Every mention speaks of a document that is stored.
-- Grain: one row per orphan mention. Read by: storage.checks.
SELECT document_id, brand_id
FROM fct_mentions
WHERE document_id NOT IN (SELECT document_id FROM fct_documents);
