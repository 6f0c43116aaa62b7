-- Grain: one row per source of sightings that the configuration knows. Read by: storage.loading,
-- which makes source_hosts of it.
SELECT source_id, url FROM dim_sources SEMI JOIN sightings USING (source_id);
