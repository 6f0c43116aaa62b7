-- Grain: one row per batch that was loaded. Read by: storage.visits.
-- Batches loaded before landing_loads existed are known by their visits, which were stored with
-- their documents in one transaction.
SELECT run_id, batch_id FROM landing_loads
UNION
SELECT run_id, batch_id FROM fct_source_runs;
