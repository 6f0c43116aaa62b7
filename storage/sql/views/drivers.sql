-- drivers_between(brand, starts_at, ends_at, tone): what is behind the mentions of one tone in
-- [starts_at, ends_at); drivers(client, brand, from_on, to_on, tone) the same over the client's days.
-- Grain: one row per source, topic and term (kind says which). Read by: alert mails, analysts,
-- reports. Shares of sources add up to 1; a mention has many terms and topics, so those do not: theirs
-- is the share of the mentions of that tone that have them. Terms of a tone are those that weighed on
-- its side, little ones and names of brands left out.
CREATE OR REPLACE MACRO drivers_between(brand, starts_at, ends_at, tone := 'negative') AS TABLE
WITH toned AS MATERIALIZED (
    SELECT document_id, brand_id, story_id, source_id, source_title, evidence, language
    FROM mentions
    WHERE brand_id = brand
        AND polarity = tone
        AND mentioned_at >= CAST(starts_at AS TIMESTAMPTZ)
        AND mentioned_at < CAST(ends_at AS TIMESTAMPTZ)
),
total AS (SELECT count(*) AS mention_count, count(DISTINCT story_id) AS story_count FROM toned),
terms AS (
    SELECT document_id, story_id, term, sum(weight) AS weight
    FROM (
        SELECT
            document_id,
            story_id,
            telling_part(proof.term, proof.is_negated, toned.language) AS term,
            proof.weight AS weight
        FROM toned, unnest(evidence) AS proofs(proof)
        WHERE proof."start" >= 0 AND proof.term <> 'irony'
    )
    WHERE term IS NOT NULL AND CASE WHEN tone = 'positive' THEN weight > 0 ELSE weight < 0 END
    GROUP BY document_id, story_id, term
),
found AS (
    SELECT
        'source' AS kind,
        source_id AS key,
        any_value(source_title) AS label,
        count(*) AS mention_count,
        count(DISTINCT story_id) AS story_count,
        NULL AS weight
    FROM toned
    GROUP BY source_id
    UNION ALL BY NAME
    SELECT
        'topic' AS kind,
        tagged.topic_id AS key,
        any_value(CASE WHEN client.language = 'en' THEN topic.name_en ELSE topic.name_fr END) AS label,
        count(*) AS mention_count,
        count(DISTINCT toned.story_id) AS story_count
    FROM toned
    JOIN fct_mention_topics AS tagged USING (document_id, brand_id)
    JOIN dim_topics AS topic USING (topic_id)
    CROSS JOIN dim_clients AS client
    GROUP BY tagged.topic_id
    UNION ALL BY NAME
    SELECT
        'term' AS kind,
        term AS key,
        term AS label,
        count(*) AS mention_count,
        count(DISTINCT story_id) AS story_count,
        sum(weight) AS weight
    FROM terms
    GROUP BY term
)
SELECT
    found.kind,
    found.key,
    found.label,
    found.mention_count,
    found.story_count,
    found.mention_count / total.mention_count AS share,
    found.weight,
    total.mention_count AS all_mention_count,
    total.story_count AS all_story_count
FROM found
CROSS JOIN total
ORDER BY found.kind, found.mention_count DESC, found.key;
COMMENT ON MACRO TABLE drivers_between IS 'fr: Ce qui explique les mentions d’un ton entre deux instants : sources, thèmes, mots, avec n et part. | en: What is behind the mentions of one tone between two instants: sources, topics, words, with n and share.';

CREATE OR REPLACE MACRO drivers(client, brand, from_on, to_on, tone := 'negative') AS TABLE
FROM drivers_between(
    brand,
    (SELECT timezone(timezone, CAST(from_on AS TIMESTAMP)) FROM dim_clients WHERE client_id = client),
    (SELECT timezone(timezone, CAST(to_on AS TIMESTAMP)) FROM dim_clients WHERE client_id = client),
    tone := tone
);
COMMENT ON MACRO TABLE drivers IS 'fr: Ce qui explique les mentions d’un ton, du jour from_on (inclus) au jour to_on (exclu) : sources, thèmes, mots, avec n et part. | en: What is behind the mentions of one tone, from day from_on (included) to day to_on (excluded): sources, topics, words, with n and share.';
