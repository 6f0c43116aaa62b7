-- Grain: one row per document, visit and request of which no landing file tells any more (expired),
-- copied from the old warehouse. Read by: storage.rebuilding. `landed` has what the files tell.
CREATE OR REPLACE TEMP TABLE carried AS
SELECT DISTINCT document_id FROM original.fct_document_sources AS seen
WHERE (seen.document_id, seen.source_id, seen.first_seen_at) NOT IN (
    SELECT (document_id, source_id, first_seen_at) FROM landed
);

INSERT INTO fct_documents BY NAME
FROM original.fct_documents SEMI JOIN carried USING (document_id);
INSERT INTO fct_document_sources BY NAME
FROM original.fct_document_sources SEMI JOIN carried USING (document_id);
INSERT INTO fct_mentions BY NAME
FROM original.fct_mentions SEMI JOIN carried USING (document_id);
INSERT INTO fct_exclusions BY NAME
FROM original.fct_exclusions SEMI JOIN carried USING (document_id);
INSERT INTO dim_authors BY NAME
FROM original.dim_authors
WHERE author_key IN (SELECT author_key FROM fct_documents WHERE author_key IS NOT NULL);

INSERT INTO fct_story_texts BY NAME
FROM original.fct_story_texts
WHERE text_id IN (SELECT text_id FROM fct_documents WHERE text_id IS NOT NULL);
INSERT INTO story_shingles BY NAME
FROM original.story_shingles
WHERE text_id IN (SELECT text_id FROM fct_documents WHERE text_id IS NOT NULL);
INSERT INTO fct_stories BY NAME
FROM original.fct_stories WHERE story_id IN (SELECT story_id FROM fct_documents);

INSERT INTO fct_source_runs BY NAME
FROM original.fct_source_runs ANTI JOIN landed_batches USING (run_id, batch_id);
INSERT INTO fct_requests BY NAME
FROM original.fct_requests ANTI JOIN landed_batches USING (run_id, batch_id);
INSERT INTO source_states BY NAME
FROM original.source_states ANTI JOIN landed_batches USING (run_id, batch_id);
INSERT INTO landing_loads BY NAME
FROM original.landing_loads ANTI JOIN landed_batches USING (run_id, batch_id);
DROP TABLE carried;
