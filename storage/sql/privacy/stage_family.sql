-- Grain: one row per story that loses a document, and per text and document that stays of it.
-- Read by: storage.forgetting. What stays is put into stories anew, as if it had just come.
CREATE OR REPLACE TEMP TABLE gone_stories AS
SELECT DISTINCT story_id FROM fct_documents SEMI JOIN gone USING (document_id);

CREATE OR REPLACE TEMP TABLE gone_texts AS
SELECT DISTINCT text_id FROM fct_documents SEMI JOIN gone_stories USING (story_id)
WHERE text_id IS NOT NULL;

CREATE OR REPLACE TEMP TABLE left_behind AS
SELECT document_id FROM fct_documents SEMI JOIN gone_stories USING (story_id)
ANTI JOIN gone USING (document_id);
