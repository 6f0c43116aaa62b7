-- Grain: one row per tagged document whose text is still the one that was tagged (current_tagged), with
-- the number of its row and what it was tagged with before; one row per mention that it has
-- (known_mentions), with the number of that row.
-- Read by: storage.loading. A document that changed since is left to the next tagging. The large
-- tables are read once, and of most rows the identifiers alone.
CREATE OR REPLACE TEMP TABLE current_tagged AS
SELECT tagged.*, document.rowid AS row_number, document.tagged_with AS tagged_before
FROM incoming_tagged AS tagged
JOIN fct_documents AS document
    ON document.document_id = tagged.document_id AND document.content_hash = tagged.content_hash
WHERE document.rowid IN (
    SELECT rowid FROM fct_documents
    WHERE document_id IN (SELECT document_id FROM incoming_tagged)
);

CREATE OR REPLACE TEMP TABLE known_mentions AS
SELECT rowid AS row_number, *
FROM fct_mentions
WHERE rowid IN (
    SELECT rowid FROM fct_mentions
    WHERE document_id IN (SELECT document_id FROM current_tagged)
);
