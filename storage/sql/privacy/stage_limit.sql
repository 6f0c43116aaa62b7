-- Grain: one row: before when everything goes. Read by: storage.retention.
CREATE OR REPLACE TEMP TABLE limit_at AS SELECT CAST($before AS TIMESTAMPTZ) AS before;
