-- Grain: one row: this batch is loaded; a repeated load leaves the first. Read by: storage.loading.
INSERT INTO landing_loads BY NAME
SELECT $run_id AS run_id, $batch_id AS batch_id, CAST($now AS TIMESTAMPTZ) AS loaded_at
ON CONFLICT (run_id, batch_id) DO NOTHING;
