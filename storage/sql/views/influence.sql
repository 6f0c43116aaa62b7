-- influence(client, from_on, to_on): authors by the product of four factors, each of them shown.
-- Grain: one row per author (source where documents name none). Read by: analysts, reports.
--   recurrence     stories of these days that name a watched brand
--   weight         editorial weight of the sources, averaged over the author's mentions
--   engagement     1 + replies received per document
--   topic_share    share of the author's documents of these days that name a watched brand
-- influence = recurrence × weight × engagement × topic_share. No reach: nobody measured it.
CREATE OR REPLACE MACRO influence(client, from_on, to_on) AS TABLE
WITH named AS (
    SELECT
        author_or_source,
        count(*) AS mention_count,
        count(DISTINCT document_id) AS document_count,
        count(DISTINCT story_id) AS recurrence,
        avg(coalesce(source_weight, 1)) AS weight,
        any_value(source_title) AS source_title,
        count(*) FILTER (brand_role = 'own') AS own_count,
        count(*) FILTER (brand_role = 'competitor') AS competitor_count,
        count(*) FILTER (polarity = 'positive') AS positive_count,
        count(*) FILTER (polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (polarity = 'negative') AS negative_count
    FROM mentions_between(client, from_on, to_on)
    GROUP BY author_or_source
),
written AS (
    SELECT
        document.document_id,
        document.source_id,
        document.guid,
        document.url,
        coalesce(document.author_key, 'source:' || document.source_id) AS author_or_source
    FROM fct_documents AS document
    JOIN dim_clients AS owner ON owner.client_id = client
    WHERE document.mentioned_at >= timezone('UTC', CAST(from_on AS TIMESTAMP) - INTERVAL 2 DAY)
        AND document.mentioned_at < timezone('UTC', CAST(to_on AS TIMESTAMP) + INTERVAL 2 DAY)
        AND CAST(timezone(owner.timezone, document.mentioned_at) AS DATE) >= CAST(from_on AS DATE)
        AND CAST(timezone(owner.timezone, document.mentioned_at) AS DATE) < CAST(to_on AS DATE)
),
answers AS (
    SELECT source_id, in_reply_to, count(*) AS reply_count
    FROM fct_documents
    WHERE in_reply_to IS NOT NULL
        AND mentioned_at >= timezone('UTC', CAST(from_on AS TIMESTAMP) - INTERVAL 2 DAY)
    GROUP BY source_id, in_reply_to
),
-- Inner joins, twice: where nothing answers anything, no address is read at all.
answered AS (
    SELECT written.author_or_source, answers.reply_count
    FROM answers
    JOIN written ON written.source_id = answers.source_id AND written.guid = answers.in_reply_to
    UNION ALL
    SELECT written.author_or_source, answers.reply_count
    FROM answers
    JOIN written ON written.source_id = answers.source_id AND written.url = answers.in_reply_to
    WHERE written.guid IS DISTINCT FROM written.url
),
replies AS (
    SELECT author_or_source, sum(reply_count) AS reply_count FROM answered GROUP BY author_or_source
),
works AS (
    SELECT
        counted.author_or_source,
        counted.written_count,
        coalesce(replies.reply_count, 0) AS reply_count
    FROM (
        SELECT author_or_source, count(*) AS written_count FROM written GROUP BY author_or_source
    ) AS counted
    LEFT JOIN replies USING (author_or_source)
)
SELECT
    named.author_or_source,
    named.source_title,
    named.mention_count,
    named.own_count,
    named.competitor_count,
    named.recurrence,
    named.weight,
    1 + works.reply_count / works.written_count AS engagement,
    named.document_count / works.written_count AS topic_share,
    named.recurrence * named.weight * (1 + works.reply_count / works.written_count)
        * (named.document_count / works.written_count) AS influence,
    net_sentiment(named.positive_count, named.neutral_count, named.negative_count) AS net_sentiment,
    named.positive_count + named.neutral_count + named.negative_count < 30 AS is_small_sample
FROM named
JOIN works USING (author_or_source)
ORDER BY influence DESC, named.author_or_source;
COMMENT ON MACRO TABLE influence IS 'fr: Influence des auteurs : récurrence (histoires) × poids éditorial × engagement (1 + réponses par document) × part de leurs documents qui parle des marques ; chaque facteur est montré. | en: Influence of authors: recurrence (stories) × editorial weight × engagement (1 + replies per document) × share of their documents that speaks of the brands; each factor is shown.';
