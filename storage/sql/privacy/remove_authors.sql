-- Grain: one row per author of whom no document is left. Read by: storage.forgetting.
DELETE FROM dim_authors
WHERE author_key NOT IN (
    SELECT author_key FROM fct_documents WHERE author_key IS NOT NULL
    UNION ALL
    SELECT other_version.author_key FROM fct_document_sources
    WHERE other_version.author_key IS NOT NULL
);
