-- Grain: one row per name or word that the shell completes. Read by: storage.reading.
SELECT table_name AS word FROM duckdb_tables() WHERE NOT internal
UNION SELECT view_name FROM duckdb_views() WHERE NOT internal
UNION SELECT column_name FROM duckdb_columns() WHERE NOT internal
UNION SELECT function_name FROM duckdb_functions()
WHERE function_type IN ('macro', 'table_macro', 'aggregate') AND regexp_full_match(function_name, '\w+')
UNION SELECT upper(keyword_name) FROM duckdb_keywords();
