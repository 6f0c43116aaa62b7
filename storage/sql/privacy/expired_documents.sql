-- Grain: one row per document collected before $before. Read by: storage.retention.
SELECT document_id FROM fct_documents WHERE fetched_at < CAST($before AS TIMESTAMPTZ);
