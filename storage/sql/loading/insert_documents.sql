-- Grain: one row per document of chosen_documents that is new. Read by: storage.loading.
INSERT INTO fct_documents BY NAME
SELECT *, CAST($now AS TIMESTAMPTZ) AS loaded_at
FROM chosen_documents
ANTI JOIN known_documents USING (document_id);
