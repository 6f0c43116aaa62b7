-- The human label beside the model's is the latest one of the actions.
-- Grain: one row per mention in disagreement. Read by: storage.checks.
WITH latest AS (
    SELECT
        document_id,
        brand_id,
        arg_max({'value': value}, (acted_at, action_id)) FILTER (kind = 'polarity').value AS polarity
    FROM fct_mention_actions
    WHERE kind = 'polarity'
    GROUP BY document_id, brand_id
)
SELECT mention.document_id, mention.brand_id, mention.human_polarity, latest.polarity
FROM fct_mentions AS mention
LEFT JOIN latest USING (document_id, brand_id)
WHERE mention.human_polarity IS DISTINCT FROM latest.polarity;
