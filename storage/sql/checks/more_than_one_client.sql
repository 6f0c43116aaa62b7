-- One file, one client.
-- Grain: one row per client, when there are several. Read by: storage.checks.
SELECT client_id FROM dim_clients QUALIFY count(*) OVER () > 1;
