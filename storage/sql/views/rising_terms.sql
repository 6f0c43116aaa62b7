-- rising_terms(client, brand, from_on, to_on, min_count): words and pairs of words that a brand's
-- stories of these days have more often than those of the days before (against = 'previous', a period
-- of the same length), and more often than its competitors' (against = 'competitors').
-- Grain: one row per term × against, the surest first. Read by: analysts, reports.
-- Log-odds ratio with an informative Dirichlet prior (B. Monroe, M. Colaresi, K. Quinn, "Fightin'
-- Words", Political Analysis 16, 2008, eq. 16 and 22): the prior is both sides together with a tenth of
-- their weight, so that a word seen twice does not win. A story counts a term once,
-- however often it stands there and however often the story was taken up. At most 1,000 stories of
-- each side, drawn by their id, and 1,000 characters of each: that bounds the time of a busy brand.
-- z above 1.96 is more than chance for one word; of thousands looked at, ask for 3 or more.
CREATE OR REPLACE MACRO rising_terms(client, brand, from_on, to_on, min_count := 3) AS TABLE
WITH sides AS (
    SELECT
        CASE
            WHEN mentioned_on < CAST(from_on AS DATE) THEN 'previous'
            WHEN brand_id = brand THEN 'now'
            ELSE 'competitors'
        END AS side,
        story_id,
        min(document_id) AS document_id
    FROM mentions_between(client, period_before(from_on, to_on), to_on)
    WHERE brand_id = brand
        OR (brand_role = 'competitor' AND mentioned_on >= CAST(from_on AS DATE))
    GROUP BY ALL
),
drawn AS MATERIALIZED (
    SELECT side, drawn.story_id, drawn.document_id
    FROM (
        SELECT
            side,
            unnest(min(
                {'place': hash(story_id), 'story_id': story_id, 'document_id': document_id}, 1000
            )) AS drawn
        FROM sides
        GROUP BY side
    )
),
words AS (
    SELECT
        drawn.side,
        drawn.story_id,
        list_filter(
            string_split_regex(
                folded_word(left(document.title || ' . ' || document."text", 1000)),
                '[^\p{L}\p{N}]+'
            ),
            lambda word: length(word) >= 3
        ) AS list
    FROM drawn
    JOIN fct_documents AS document USING (document_id)
),
held AS (
    SELECT side, story_id, unnest(list_distinct(list_concat(
        list,
        list_transform(
            list_zip(list[:-2], list[2:]),
            lambda pair: CASE WHEN length(pair[1]) >= 4 AND length(pair[2]) >= 4
                THEN pair[1] || ' ' || pair[2] END
        )
    ))) AS term
    FROM words
),
counts AS (
    SELECT
        term,
        count(*) FILTER (side = 'now') AS now_count,
        count(*) FILTER (side = 'previous') AS previous_count,
        count(*) FILTER (side = 'competitors') AS competitor_count
    FROM held
    WHERE term IS NOT NULL
        AND split_part(term, ' ', 1) NOT IN (SELECT word FROM little_words)
        AND split_part(term, ' ', 2) NOT IN (SELECT word FROM little_words)
    GROUP BY term
),
compared AS (
    SELECT
        term,
        against,
        now_count,
        CASE against WHEN 'previous' THEN previous_count ELSE competitor_count END AS other_count
    FROM counts
    CROSS JOIN (VALUES ('previous'), ('competitors')) AS kinds(against)
),
weighed AS (
    SELECT
        *,
        sum(now_count) OVER (PARTITION BY against) AS now_total,
        sum(other_count) OVER (PARTITION BY against) AS other_total
    FROM compared
),
prior AS (
    SELECT
        *,
        (now_total + other_total) / 10 AS prior_total,
        (now_count + other_count) / 10 AS expected
    FROM weighed
    WHERE now_count >= min_count
),
ratios AS (
    SELECT
        *,
        ln((now_count + expected) / (now_total + prior_total - now_count - expected))
            - ln((other_count + expected) / (other_total + prior_total - other_count - expected)) AS log_odds,
        sqrt(1 / (now_count + expected) + 1 / (other_count + expected)) AS spread
    FROM prior
)
SELECT
    term,
    against,
    now_count AS story_count,
    other_count AS other_story_count,
    (SELECT count(*) FROM drawn WHERE side = 'now') AS all_story_count,
    (SELECT count(*) FROM drawn WHERE side = against) AS all_other_story_count,
    log_odds,
    log_odds / spread AS z
FROM ratios
WHERE log_odds > 0
ORDER BY z DESC, term;
COMMENT ON MACRO TABLE rising_terms IS 'fr: Mots qui montent dans les histoires d’une marque, contre la période d’avant (previous) et contre les concurrents (competitors) : rapport de cotes avec a priori de Dirichlet, z et nombres d’histoires. | en: Words on the rise in a brand’s stories, against the period before (previous) and against competitors: log-odds with a Dirichlet prior, z and numbers of stories.';
