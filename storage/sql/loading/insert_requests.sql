-- Grain: one row per request (incoming_requests). Read by: storage.loading.
INSERT INTO fct_requests BY NAME SELECT * FROM incoming_requests ON CONFLICT DO NOTHING;
