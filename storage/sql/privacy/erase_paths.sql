-- Grain: one row per request to a page of gone_pages. Read by: storage.forgetting.
UPDATE fct_requests SET path = $erased
WHERE (host, path) IN (SELECT (host, path) FROM gone_pages);
