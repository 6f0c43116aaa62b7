-- Stores the mentions of the temporary table base (n, brand_id, source_id, polarity, seen_at) as loading and tagging
-- would have written them. Every source was visited tonight.
INSERT INTO fct_documents BY NAME
SELECT
    md5('document ' || n) AS document_id, source_id, [source_id] AS source_ids,
    'feed' AS kind, 'https://bench.example/' || n AS url, 'https://bench.example/' || n AS canonical_url, 'Titre ' || n AS title,
    'Un texte de quelques mots, numéro ' || n AS text, 'author-' || (hash(n + 1) % 5000) AS author_key, 'fr' AS language,
    'fr' AS found_language, seen_at AS published_at, 'given' AS published_at_quality, seen_at AS mentioned_at,
    seen_at AS first_seen_at, seen_at AS fetched_at, md5(CAST(n AS VARCHAR)) AS content_hash, md5(CAST(n AS VARCHAR)) AS guid,
    md5('document ' || n) AS story_id, 't1' AS tagged_with, seen_at AS loaded_at, hash(n) AS text_id
FROM base;
INSERT INTO fct_document_sources BY NAME
SELECT document_id, source_id, first_seen_at, fetched_at, content_hash, published_at, published_at_quality FROM fct_documents;
INSERT INTO fct_mentions BY NAME
SELECT
    md5('document ' || n) AS document_id, brand_id,
    polarity, 0.0 AS score, 0.5 AS confidence, [{'start': 0, 'end': 4, 'term': 'alba'}] AS hits, [] AS evidence,
    CASE hash(n * 23) % 100 WHEN 0 THEN ['risk'] ELSE [] END AS flags, 'fr' AS language, 'q1' AS query_version,
    'm1' AS model_version, 't1' AS tagger_version, seen_at AS tagged_at, true AS is_matched
FROM base;
INSERT INTO fct_mention_topics BY NAME
SELECT document_id, brand_id, 'prix' AS topic_id, ['mot'] AS terms FROM fct_mentions WHERE hash(document_id || 't') % 2 = 0;
INSERT INTO fct_source_runs BY NAME
SELECT
    'night' AS run_id, source_id, '0' AS batch_id, TIMESTAMPTZ '2026-11-20 00:10:00Z' AS started_at,
    'ok' AS status, 0.5 AS duration_s, 50000 AS byte_count, 50 AS document_count, 50 AS new_count, 0 AS changed_count,
    CAST([] AS VARCHAR[]) AS faults, true AS is_used_up
FROM dim_sources;
INSERT INTO fct_stories BY NAME
SELECT
    story_id, title, url, story_id AS first_document_id, source_id AS first_source_id, mentioned_at AS first_mentioned_at,
    mentioned_at AS last_mentioned_at, 1 AS document_count, 1 AS text_count, 1 AS source_count
FROM fct_documents;
INSERT INTO fct_story_texts BY NAME
SELECT
    text_id, text_id AS root_text_id, 1 AS shingle_count, document_id AS first_document_id, source_id,
    first_seen_at, mentioned_at
FROM fct_documents;
DROP TABLE base;
