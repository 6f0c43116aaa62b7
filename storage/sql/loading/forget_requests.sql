-- Grain: one row per request older than 90 days. Read by: storage.loading. The record is there to be
-- shown to the owner of a site, not to be kept.
DELETE FROM fct_requests WHERE requested_at < $now::TIMESTAMPTZ - INTERVAL 90 DAY;
