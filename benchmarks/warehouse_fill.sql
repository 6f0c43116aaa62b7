-- Base of the benchmark: $size documents, $per_day a day, as loading and tagging would have written them.
SELECT setseed(0.5);
CREATE TEMP TABLE vocabulary AS SELECT list('mot' || i) AS words FROM range(20000) AS r(i);
CREATE TEMP TABLE base AS
SELECT
    n,
    md5('document ' || n) AS document_id,
    CASE WHEN n % 8 = 7 THEN n - 1 - n % 5 ELSE n END AS text_number,
    TIMESTAMPTZ '2026-11-20 00:00:00Z' - to_seconds(CAST((86400.0 / $per_day) * ($size - n) AS BIGINT)) AS seen_at,
    'source-' || (hash(n) % 400) AS source_id,
    CAST(least(1500, greatest(5, exp(4.1 + 0.9 * (
        (hash(n * 3) % 1000 + hash(n * 5) % 1000 + hash(n * 7) % 1000) / 500.0 - 3)))) AS INTEGER) AS word_count
FROM range($size) AS r(n);
INSERT INTO fct_documents BY NAME
SELECT
    document_id, source_id, [source_id] AS source_ids, 'feed' AS kind,
    'https://bench.example/' || n AS url, 'https://bench.example/' || n AS canonical_url,
    'Titre ' || n AS title,
    array_to_string([words[CAST(1 + hash(text_number * 1000 + i) % 20000 AS BIGINT)] for i in range(word_count)], ' ') AS text,
    'author-' || (hash(n + 1) % 50000) AS author_key, 'fr' AS language, 'fr' AS found_language,
    seen_at AS published_at, 'given' AS published_at_quality, seen_at AS mentioned_at, seen_at AS first_seen_at, seen_at AS fetched_at,
    md5(CAST(text_number AS VARCHAR)) AS content_hash, md5(CAST(n AS VARCHAR)) AS guid,
    md5('document ' || text_number) AS story_id,
    't1' AS tagged_with, seen_at AS loaded_at, hash(text_number) AS text_id
FROM base, vocabulary;
INSERT INTO fct_document_sources BY NAME
SELECT document_id, source_id, first_seen_at, fetched_at, content_hash, published_at, published_at_quality
FROM fct_documents;
INSERT INTO fct_mentions BY NAME
SELECT
    document_id, CASE WHEN hash(n * 11) % 3 = 0 THEN 'borea' ELSE 'alba' END AS brand_id,
    CASE hash(n * 13) % 5 WHEN 0 THEN 'negative' WHEN 1 THEN 'positive' ELSE 'neutral' END AS polarity,
    0.0 AS score, 0.5 AS confidence, [{'start': 0, 'end': 4, 'term': 'alba'}] AS hits,
    [
        {'term': 'mot' || (hash(n * 17) % 800), 'weight': -1.0, 'start': 5, 'end': 9, 'is_negated': false},
        {'term': 'mot' || (hash(n * 19) % 800), 'weight': 0.5, 'start': 10, 'end': 14, 'is_negated': false}
    ] AS evidence,
    CASE hash(n * 23) % 100 WHEN 0 THEN ['complaint'] WHEN 1 THEN ['question'] WHEN 2 THEN ['insult'] ELSE [] END AS flags, 'fr' AS language, 'q1' AS query_version, 'm1' AS model_version, 't1' AS tagger_version,
    seen_at AS tagged_at, true AS is_matched,
    CASE WHEN hash(document_id || 'h') % 50 = 0 THEN 'negative' END AS human_polarity,
    CASE WHEN hash(document_id || 'h') % 50 = 0 THEN seen_at END AS human_labelled_at
FROM base;
-- One mention in two has a topic of ten; one negative in two was handled, one in fifty labelled.
INSERT INTO fct_mention_topics BY NAME
SELECT document_id, brand_id, 'topic-' || (hash(document_id) % 10) AS topic_id, ['mot'] AS terms
FROM fct_mentions WHERE hash(document_id || 't') % 2 = 0;
INSERT INTO fct_mention_actions BY NAME
SELECT md5(document_id) AS action_id, document_id, brand_id, 'status' AS kind, 'answered' AS value,
    'camille' AS actor, tagged_at + INTERVAL 5 HOUR AS acted_at
FROM fct_mentions WHERE polarity = 'negative' AND hash(document_id || 'a') % 2 = 0
UNION ALL BY NAME
SELECT md5(document_id || 'h') AS action_id, document_id, brand_id, 'polarity' AS kind, 'negative' AS value,
    'camille' AS actor, tagged_at + INTERVAL 6 HOUR AS acted_at
FROM fct_mentions WHERE human_polarity IS NOT NULL;
-- Every source is visited each night, one in a hundred visits fails; two rules look every night.
INSERT INTO fct_source_runs BY NAME
SELECT
    'night-' || night AS run_id, 'source-' || source AS source_id, '0' AS batch_id,
    TIMESTAMPTZ '2026-11-20 00:30:00Z' - to_days(CAST(night AS INTEGER)) AS started_at,
    CASE WHEN hash(night * 400 + source) % 100 = 0 THEN 'failed' ELSE 'ok' END AS status,
    CASE WHEN hash(night * 400 + source) % 100 = 0 THEN 'timeout' END AS reason,
    0.5 AS duration_s, 50000 AS byte_count, 50 AS document_count, 50 AS new_count, 0 AS changed_count,
    CAST([] AS VARCHAR[]) AS faults, true AS is_used_up
FROM range($size // $per_day) AS nights(night), range(400) AS sources(source);
INSERT INTO fct_alert_evaluations BY NAME
SELECT
    'rule-' || rule AS rule_id, brand_id,
    TIMESTAMPTZ '2026-11-20 01:00:00Z' - to_days(CAST(night AS INTEGER)) AS evaluated_at,
    evaluated_at - INTERVAL 1 DAY AS window_start, evaluated_at AS window_end,
    9000 AS mention_count, 1800 AS negative_count, 1500 AS negative_story_count, 900 AS negative_author_count,
    1.0 AS coverage, (hash(night * 7 + rule) % 10000) / 10000 AS p_value,
    CASE WHEN hash(night * 7 + rule) % 10000 < 100 THEN 'fired' ELSE 'below' END AS decision
FROM range($size // $per_day) AS nights(night), range(2) AS rules(rule), (VALUES ('alba'), ('borea')) AS brands(brand_id);
INSERT INTO fct_alerts BY NAME
SELECT
    md5(rule_id || brand_id || evaluated_at) AS fingerprint, rule_id, brand_id, 'warning' AS severity, 'resolved' AS state,
    evaluated_at AS opened_at, evaluated_at AS last_breach_at, evaluated_at AS changed_at, evaluated_at AS resolved_at,
    1800 AS peak_count, evaluated_at, true AS verdict
FROM fct_alert_evaluations WHERE decision = 'fired';
-- One document in ten was kept out for another brand; a query changed once, and lost one mention in a hundred.
INSERT INTO fct_exclusions BY NAME
SELECT document_id, 'borea' AS brand_id, 'context' AS reason, 'mot' AS clause, 'q1' AS query_version, seen_at AS excluded_at
FROM base WHERE hash(n * 29) % 10 = 0;
INSERT INTO fct_query_changes BY NAME
SELECT document_id, 'borea' AS brand_id, 'q0' AS version_before, 'q1' AS version_after, 'lost' AS change,
    'neutral' AS polarity, seen_at AS tagged_at
FROM base WHERE hash(n * 31) % 100 = 0;
INSERT INTO fct_story_texts BY NAME
SELECT
    hash(n) AS text_id, hash(n) AS root_text_id, CAST(word_count / 4 AS INTEGER) AS shingle_count,
    document_id AS first_document_id, source_id, seen_at AS first_seen_at, seen_at AS mentioned_at
FROM base WHERE text_number = n;
-- The newest million documents are in the index as if they were of one month: 20,000 a day are 600,000.
INSERT INTO story_shingles
SELECT hash(n), CAST(hash(n * 2000 + i) % 4294967296 AS UINTEGER), i, DATE '2026-11-20'
FROM base, range(CAST(word_count / 4 AS BIGINT)) AS r(i)
WHERE text_number = n AND n >= $size - 1000000;
INSERT INTO fct_stories BY NAME
SELECT
    story_id, min(title) AS title, min(url) AS url, story_id AS first_document_id,
    arg_min(source_id, seen_at) AS first_source_id, min(seen_at) AS first_mentioned_at, max(seen_at) AS last_mentioned_at,
    count(*) AS document_count, 1 AS text_count, count(DISTINCT source_id) AS source_count
FROM (SELECT story_id, title, url, source_id, mentioned_at AS seen_at FROM fct_documents) GROUP BY story_id;
DROP TABLE base;
DROP TABLE vocabulary;
