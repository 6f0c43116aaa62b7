-- Grain: one row per order (representative, read) and story shown: the document that stands for it.
-- Read by: storage.alert_reasons, for the mail. Looked at are the negative mentions of a brand in a
-- window, or the documents $document_ids unless NULL; $tone: which side of the evidence counts, NULL
-- for both.
-- representative: stories carried most, then those whose telling words the other stories share most.
-- read: nobody measures readers; editorial weight of the source × (1 + replies counted) stands in.
-- visibility_spread: 0 when that tells no document from another.
WITH judged AS MATERIALIZED (
    SELECT
        document_id,
        coalesce(story_id, document_id) AS story_id,
        title,
        url,
        source_id,
        source_title,
        coalesce(source_weight, 1.0) AS weight,
        mentioned_at,
        score,
        flags,
        evidence,
        language,
        CASE $tone WHEN 'positive' THEN -score WHEN 'negative' THEN score ELSE -abs(score) END AS place
    FROM mentions
    WHERE brand_id = $brand_id
        AND mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
        AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
        AND CASE WHEN $document_ids IS NULL THEN polarity = 'negative'
            ELSE document_id IN (SELECT unnest(CAST($document_ids AS VARCHAR[]))) END
),
words AS (
    SELECT document_id, story_id, word, abs(sum(weight)) AS weight
    FROM (
        SELECT
            document_id,
            story_id,
            telling_part(proof.term, proof.is_negated, judged.language) AS word,
            proof.weight AS weight
        FROM judged, unnest(evidence) AS proofs(proof)
        WHERE proof."start" >= 0
    )
    WHERE word IS NOT NULL
        AND CASE $tone WHEN 'positive' THEN weight > 0 WHEN 'negative' THEN weight < 0 ELSE weight <> 0 END
    GROUP BY ALL
),
shared AS (SELECT word, count(DISTINCT story_id) AS story_count FROM words GROUP BY word),
likeness AS (
    -- The root keeps a long text, which has every word, from being the most like all others.
    SELECT
        words.document_id,
        sum(words.weight * (shared.story_count - 1)) / sqrt(count(*)) AS likeness
    FROM words
    JOIN shared USING (word)
    GROUP BY words.document_id
),
answers AS (
    SELECT source_id, in_reply_to, count(*) AS reply_count
    FROM fct_documents
    WHERE in_reply_to IS NOT NULL AND mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
    GROUP BY source_id, in_reply_to
),
-- Two joins by one column each: of an OR, every pair of a source would be looked at.
replied AS (
    SELECT judged.document_id, answers.reply_count
    FROM judged
    JOIN fct_documents AS document USING (document_id)
    JOIN answers ON answers.source_id = document.source_id AND answers.in_reply_to = document.guid
    UNION ALL
    SELECT judged.document_id, answers.reply_count
    FROM judged
    JOIN fct_documents AS document USING (document_id)
    JOIN answers ON answers.source_id = document.source_id AND answers.in_reply_to = document.url
    WHERE document.guid IS DISTINCT FROM document.url
),
replies AS (
    SELECT document_id, sum(reply_count) AS reply_count FROM replied GROUP BY document_id
),
placed AS (
    SELECT
        judged.* EXCLUDE (evidence, language),
        count(*) OVER (PARTITION BY judged.story_id) AS story_document_count,
        coalesce(likeness.likeness, 0) AS likeness,
        CAST(coalesce(replies.reply_count, 0) AS BIGINT) AS reply_count,
        judged.weight * (1 + coalesce(replies.reply_count, 0)) AS visibility
    FROM judged
    LEFT JOIN likeness USING (document_id)
    LEFT JOIN replies USING (document_id)
),
ordered AS (
    SELECT
        'representative' AS list,
        *,
        row_number() OVER (
            PARTITION BY story_id ORDER BY place, weight DESC, mentioned_at, document_id
        ) AS place_in_story
    FROM placed
    UNION ALL BY NAME
    SELECT
        'read' AS list,
        *,
        row_number() OVER (
            PARTITION BY story_id ORDER BY visibility DESC, place, mentioned_at, document_id
        ) AS place_in_story
    FROM placed
),
heads AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY list
            ORDER BY
                CASE list WHEN 'read' THEN visibility ELSE story_document_count END DESC,
                CASE list WHEN 'read' THEN story_document_count ELSE likeness END DESC,
                place,
                mentioned_at,
                document_id
        ) AS rank
    FROM ordered
    WHERE place_in_story = 1
)
SELECT
    list,
    document_id,
    title,
    url,
    source_id,
    source_title,
    mentioned_at,
    score,
    story_id,
    story_document_count,
    flags,
    weight,
    reply_count,
    (SELECT max(visibility) - min(visibility) FROM placed) AS visibility_spread
FROM heads
WHERE rank <= $row_limit
ORDER BY list DESC, rank;
