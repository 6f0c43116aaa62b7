-- Grain: one row per table that names documents. Read by: storage.forgetting, so that a table added
-- later is not forgotten.
SELECT table_name
FROM duckdb_columns()
JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE column_name = 'document_id'
    AND NOT duckdb_tables.temporary
    AND database_name = current_database()
ORDER BY table_name;
