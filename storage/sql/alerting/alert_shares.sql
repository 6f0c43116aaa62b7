-- Grain: one row per kind (topic, source, author, term) and value; key NULL: what has no such value.
-- Read by: storage.alert_reasons, for the mail. Looked at are the negative mentions of a brand in a
-- window, or the documents $document_ids unless NULL; $tone: which side of the evidence counts.
-- Shares of one kind add up to 1 over all its rows, in texts and in authors: a story is worth one and
-- is shared equally between its copies, an author (else the source) is worth one and shared between
-- the mentions that they wrote; a mention is shared equally between its topics, and between its
-- words by what they weighed, little ones and names of brands left out. At most $row_limit values of a kind are returned, the largest first;
-- value_count says how many there are.
WITH judged AS MATERIALIZED (
    SELECT
        document_id,
        brand_id,
        story,
        source_id,
        source_title,
        author_key,
        author_or_source,
        evidence,
        language,
        1.0 / count(*) OVER (PARTITION BY story) AS of_story,
        1.0 / count(*) OVER (PARTITION BY author_or_source) AS of_author
    FROM (SELECT *, coalesce(story_id, document_id) AS story FROM mentions)
    WHERE brand_id = $brand_id
        AND mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
        AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
        AND CASE WHEN $document_ids IS NULL THEN polarity = 'negative'
            ELSE document_id IN (SELECT unnest(CAST($document_ids AS VARCHAR[]))) END
),
total AS (
    SELECT count(DISTINCT story) AS text_count, count(DISTINCT author_or_source) AS author_count
    FROM judged
),
words AS (
    SELECT document_id, word, abs(sum(weight)) AS weight
    FROM (
        SELECT
            document_id,
            telling_part(proof.term, proof.is_negated, judged.language) AS word,
            proof.weight AS weight
        FROM judged, unnest(evidence) AS proofs(proof)
        WHERE proof."start" >= 0 AND proof.term <> 'irony'
    )
    WHERE word IS NOT NULL
        AND CASE $tone WHEN 'positive' THEN weight > 0 WHEN 'negative' THEN weight < 0 ELSE weight <> 0 END
    GROUP BY document_id, word
    HAVING abs(sum(weight)) > 0
),
parts AS (
    SELECT document_id, 'source' AS kind, source_id AS key, source_title AS label, 1.0 AS part
    FROM judged
    UNION ALL BY NAME
    SELECT
        document_id,
        'author' AS kind,
        judged.author_or_source AS key,
        CASE WHEN author_key IS NULL THEN source_title
            ELSE coalesce(author.display_name, source_title || ' · ' || left(author_key, 6)) END AS label,
        1.0 AS part
    FROM judged
    LEFT JOIN dim_authors AS author USING (author_key)
    UNION ALL BY NAME
    SELECT
        judged.document_id,
        'topic' AS kind,
        topic.topic_id AS key,
        CASE WHEN $language = 'en' THEN topic.name_en ELSE topic.name_fr END AS label,
        1.0 / count(*) OVER (PARTITION BY judged.document_id) AS part
    FROM judged
    JOIN fct_mention_topics AS tagged USING (document_id, brand_id)
    JOIN dim_topics AS topic USING (topic_id)
    UNION ALL BY NAME
    SELECT
        document_id,
        'term' AS kind,
        word AS key,
        word AS label,
        weight / sum(weight) OVER (PARTITION BY document_id) AS part
    FROM words
),
whole AS (
    FROM parts
    UNION ALL BY NAME
    SELECT judged.document_id, kinds.kind, NULL AS key, '' AS label, 1.0 AS part
    FROM judged
    CROSS JOIN (SELECT unnest(['topic', 'term']) AS kind) AS kinds
    WHERE (judged.document_id, kinds.kind) NOT IN (SELECT (document_id, kind) FROM parts)
),
shares AS (
    SELECT
        whole.kind,
        whole.key,
        min(whole.label) AS label,
        sum(whole.part * judged.of_story) AS texts,
        sum(whole.part * judged.of_author) AS authors
    FROM whole
    JOIN judged USING (document_id)
    GROUP BY whole.kind, whole.key
)
SELECT
    shares.kind,
    shares.key,
    shares.label,
    shares.texts / total.text_count AS text_share,
    shares.authors / total.author_count AS author_share,
    count(shares.key) OVER (PARTITION BY shares.kind) AS value_count,
    total.text_count,
    total.author_count
FROM shares
CROSS JOIN total
QUALIFY row_number() OVER (
    PARTITION BY shares.kind, shares.key IS NULL ORDER BY shares.texts DESC, shares.key
) <= $row_limit
ORDER BY shares.kind, shares.key IS NULL, shares.texts DESC, shares.key;
