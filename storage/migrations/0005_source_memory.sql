-- Sources that are walked page by page remember where they were read to.

ALTER TABLE source_states ADD COLUMN memory MAP(VARCHAR, VARCHAR) DEFAULT MAP {};
COMMENT ON COLUMN source_states.memory IS 'fr: Jusqu’où la source a été lue (curseurs, derniers messages de chaque fil). | en: How far the source was read (cursors, last posts of each thread).';
