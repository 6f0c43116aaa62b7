-- Grain: one row per page asked for. Read by: storage.forgetting.
SELECT DISTINCT host, path FROM fct_requests;
