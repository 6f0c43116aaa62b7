-- totals: how much there is, and how much of it run $run_id brought.
-- Grain: one row. Read by: listening.jobs.summary.
SELECT
    (SELECT count(*) FROM fct_documents) AS document_count,
    (
        SELECT count(*)
        FROM fct_documents
        WHERE first_seen_at >= (SELECT min(started_at) FROM fct_source_runs WHERE run_id = $run_id)
    ) AS new_document_count,
    (SELECT count(*) FROM mentions) AS mention_count,
    (SELECT count(DISTINCT story_id) FROM mentions) AS story_count;
