-- Grain: one row per batch: it is loaded; a repeated load leaves the first. Read by: storage.loading.
INSERT INTO landing_loads BY NAME
SELECT
    unnest($run_ids) AS run_id, unnest($batch_ids) AS batch_id, CAST($now AS TIMESTAMPTZ) AS loaded_at
ON CONFLICT (run_id, batch_id) DO NOTHING;
