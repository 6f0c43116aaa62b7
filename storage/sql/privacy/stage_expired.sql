-- Grain: one row per document collected before $before whose words are still here.
-- Read by: storage.retention.
CREATE OR REPLACE TEMP TABLE expired AS
SELECT document_id FROM fct_documents
WHERE fetched_at < CAST($before AS TIMESTAMPTZ) AND NOT (title = '' AND text = '');
