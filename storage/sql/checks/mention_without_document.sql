-- Every mention speaks of a document that is stored.
-- Grain: one row per orphan mention. Read by: storage.checks. Digests of 64 bits are compared, in two
-- thirds of the time of the identifiers.
SELECT mention.document_id, mention.brand_id
FROM fct_mentions AS mention
ANTI JOIN (SELECT hash(document_id) AS digest FROM fct_documents) AS known
    ON known.digest = hash(mention.document_id);
