-- totals: how much there is.
-- Grain: one row. Read by: listening.jobs.summary.
SELECT
    (SELECT count(*) FROM fct_documents) AS document_count,
    (SELECT count(*) FROM mentions) AS mention_count,
    (SELECT count(DISTINCT story_id) FROM mentions) AS story_count;
