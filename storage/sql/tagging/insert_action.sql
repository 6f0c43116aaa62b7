-- Grain: one action of one person on one mention. Read by: storage.actions.
INSERT INTO fct_mention_actions BY NAME
SELECT $action_id AS action_id, $document_id AS document_id, $brand_id AS brand_id, $kind AS kind,
    CAST($value AS VARCHAR) AS value, $actor AS actor, CAST($acted_at AS TIMESTAMPTZ) AS acted_at
ON CONFLICT (action_id) DO NOTHING;
