-- Grain: one row per author of incoming_documents. Read by: storage.loading.
INSERT INTO dim_authors BY NAME
SELECT author_key, min(fetched_at) AS first_seen_at
FROM incoming_documents
WHERE author_key <> ''
GROUP BY author_key
ON CONFLICT (author_key) DO UPDATE SET first_seen_at = excluded.first_seen_at
WHERE excluded.first_seen_at < dim_authors.first_seen_at;
