-- Grain: one row per tagged document whose text is still the one that was tagged.
-- Read by: storage.loading. A document that changed since is left to the next tagging.
CREATE OR REPLACE TEMP TABLE current_tagged AS
SELECT tagged.*
FROM incoming_tagged AS tagged
JOIN fct_documents AS document
    ON document.document_id = tagged.document_id AND document.content_hash = tagged.content_hash;
