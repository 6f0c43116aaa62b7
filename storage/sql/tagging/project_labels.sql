-- Grain: one row per mention that people labelled. Read by: storage.actions, storage.loading.
-- fct_mention_actions is the truth; the label columns of fct_mentions repeat its latest word.
WITH latest AS (
    SELECT
        document_id,
        brand_id,
        arg_max({'value': value}, (acted_at, action_id)) FILTER (kind = 'polarity') AS polarity,
        arg_max({'value': value}, (acted_at, action_id)) FILTER (kind = 'relevance') AS relevance,
        max(acted_at) AS acted_at,
        arg_max(actor, (acted_at, action_id)) AS actor
    FROM fct_mention_actions
    WHERE kind IN ('polarity', 'relevance')
    GROUP BY document_id, brand_id
),
labels AS (
    SELECT
        document_id,
        brand_id,
        polarity.value AS polarity,
        CAST(relevance.value AS BOOLEAN) AS is_relevant,
        CASE WHEN coalesce(polarity.value, relevance.value) IS NOT NULL THEN acted_at END AS labelled_at,
        CASE WHEN coalesce(polarity.value, relevance.value) IS NOT NULL THEN actor END AS labelled_by
    FROM latest
)
UPDATE fct_mentions SET
    human_polarity = labels.polarity,
    human_is_relevant = labels.is_relevant,
    human_labelled_at = labels.labelled_at,
    human_labelled_by = labels.labelled_by
FROM labels
WHERE labels.document_id = fct_mentions.document_id
    AND labels.brand_id = fct_mentions.brand_id
    AND (
        fct_mentions.human_polarity, fct_mentions.human_is_relevant,
        fct_mentions.human_labelled_at, fct_mentions.human_labelled_by
    ) IS DISTINCT FROM (
        labels.polarity, labels.is_relevant, labels.labelled_at, labels.labelled_by
    );
