-- Grain: one row, none where the warehouse has no outbox yet. Read by: storage.outbox.
SELECT table_name
FROM duckdb_tables()
WHERE table_name = 'outbox';
