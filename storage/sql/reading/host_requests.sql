-- host_requests: what was asked of one site, the newest first.
-- Grain: one row per request to $host (with or without a port). Read by: listening.jobs.health.
SELECT
    requested_at, host, path, source_id, robots, status, reason, byte_count, wait_s, duration_s, run_id
FROM fct_requests
WHERE host = lower($host) OR split_part(host, ':', 1) = lower($host)
ORDER BY requested_at DESC, run_id, batch_id, request_number DESC
LIMIT $row_limit;
