-- Grain: one row per table. Read by: storage.searching.
SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY table_name;
