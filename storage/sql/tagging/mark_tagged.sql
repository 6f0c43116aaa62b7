-- Grain: one row per document tagged now. Read by: storage.loading.
UPDATE fct_documents SET tagged_with = tagged.tagger_version, found_language = tagged.language
FROM current_tagged AS tagged
WHERE tagged.row_number = fct_documents.rowid
    AND (fct_documents.tagged_with, fct_documents.found_language)
        IS DISTINCT FROM (tagged.tagger_version, tagged.language);
