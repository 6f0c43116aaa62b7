-- Grain: one action of one person on one mention. Read by: storage.rebuilding.
INSERT INTO fct_mention_actions BY NAME FROM original.fct_mention_actions
WHERE action_id NOT IN (SELECT action_id FROM fct_mention_actions);
