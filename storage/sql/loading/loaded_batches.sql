-- Grain: one row per batch that was loaded. Read by: storage.visits.
-- A batch visits at least one source, and its visits are stored with its documents in one transaction.
SELECT DISTINCT run_id, batch_id FROM fct_source_runs;
