-- Grain: one row per document of this load that may belong to another story now.
-- Read by: storage.loading, after the documents are written. A document known before waits
-- already, or its text or its dates changed, or another source was first.
INSERT INTO story_queue
SELECT chosen.document_id
FROM chosen_documents AS chosen
ANTI JOIN story_queue ON story_queue.document_id = chosen.document_id;
