-- Every mention speaks of a document that is stored.
-- Grain: one row per orphan mention. Read by: storage.checks.
SELECT mention.document_id, mention.brand_id
FROM fct_mentions AS mention
ANTI JOIN fct_documents AS document ON document.document_id = mention.document_id;
