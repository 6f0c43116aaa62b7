-- Which landed batches are loaded: a part of a large import brings documents but no visit.

CREATE TABLE landing_loads (
    run_id VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (run_id, batch_id)
);
COMMENT ON TABLE landing_loads IS 'fr: Les lots collectés ou importés qui sont chargés dans la base. | en: Collected or imported batches that are loaded into the warehouse.';
COMMENT ON COLUMN landing_loads.run_id IS 'fr: Le passage ou l’import. | en: The run or the import.';
COMMENT ON COLUMN landing_loads.batch_id IS 'fr: Le lot. | en: The batch.';
COMMENT ON COLUMN landing_loads.loaded_at IS 'fr: Premier chargement (UTC). | en: First load (UTC).';
