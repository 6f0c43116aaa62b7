-- Each document, its being carried by a source, each mention and each topic of it is stored once.
-- Grain: one row per key that is stored more than once. Read by: storage.checks. $since: only what was
-- loaded or tagged since. These tables have no keys of DuckDB's, see migration 0016. Digests are
-- compared first: millions of identifiers do not fit into the memory of a small machine.
WITH loaded AS (
    SELECT hash(document_id) AS document FROM fct_documents WHERE loaded_at >= $since
),
tagged AS (
    SELECT DISTINCT hash(document_id) AS document FROM fct_mentions WHERE tagged_at >= $since
),
repeated AS (
    SELECT 'fct_documents' AS stored_in, hash(document_id) AS digest
    FROM fct_documents
    WHERE hash(document_id) IN (SELECT document FROM loaded)
    GROUP BY digest
    HAVING count(*) > 1
    UNION ALL
    SELECT 'fct_document_sources', hash(document_id, source_id) AS digest
    FROM fct_document_sources
    WHERE hash(document_id) IN (SELECT document FROM loaded)
    GROUP BY digest
    HAVING count(*) > 1
    UNION ALL
    SELECT 'fct_mentions', hash(document_id, brand_id) AS digest
    FROM fct_mentions
    WHERE hash(document_id) IN (SELECT document FROM tagged)
    GROUP BY digest
    HAVING count(*) > 1
    UNION ALL
    SELECT 'fct_mention_topics', hash(document_id, brand_id, topic_id) AS digest
    FROM fct_mention_topics
    WHERE hash(document_id) IN (SELECT document FROM tagged)
    GROUP BY digest
    HAVING count(*) > 1
)
SELECT stored_in, document_id, NULL AS also, count(*) AS row_count
FROM fct_documents
JOIN repeated ON stored_in = 'fct_documents' AND digest = hash(document_id)
GROUP BY stored_in, document_id
HAVING count(*) > 1
UNION ALL
SELECT stored_in, document_id, source_id, count(*)
FROM fct_document_sources
JOIN repeated ON stored_in = 'fct_document_sources' AND digest = hash(document_id, source_id)
GROUP BY stored_in, document_id, source_id
HAVING count(*) > 1
UNION ALL
SELECT stored_in, document_id, brand_id, count(*)
FROM fct_mentions
JOIN repeated ON stored_in = 'fct_mentions' AND digest = hash(document_id, brand_id)
GROUP BY stored_in, document_id, brand_id
HAVING count(*) > 1
UNION ALL
SELECT stored_in, document_id, brand_id || '/' || topic_id, count(*)
FROM fct_mention_topics
JOIN repeated ON stored_in = 'fct_mention_topics' AND digest = hash(document_id, brand_id, topic_id)
GROUP BY stored_in, document_id, brand_id, topic_id
HAVING count(*) > 1;
