-- Grain: one row per topic of a mention of the documents tagged now. Read by: storage.loading.
-- Tagging says all topics of a mention: what it no longer says, or says by other terms, is gone.
CREATE OR REPLACE TEMP TABLE known_topics AS
SELECT rowid AS row_number, *
FROM fct_mention_topics
WHERE rowid IN (
    SELECT rowid FROM fct_mention_topics
    WHERE document_id IN (SELECT document_id FROM current_tagged)
);

DELETE FROM fct_mention_topics
WHERE rowid IN (
    SELECT row_number
    FROM known_topics
    ANTI JOIN incoming_topics USING (document_id, brand_id, topic_id, terms)
);

INSERT INTO fct_mention_topics BY NAME
SELECT topic.*
FROM incoming_topics AS topic
SEMI JOIN current_tagged USING (document_id)
ANTI JOIN known_topics USING (document_id, brand_id, topic_id, terms);

DROP TABLE known_topics;
