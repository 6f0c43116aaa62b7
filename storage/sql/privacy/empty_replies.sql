-- Grain: one row per document that answers what is gone (gone_names). Read by: storage.forgetting.
UPDATE fct_documents SET in_reply_to = NULL WHERE in_reply_to IN (FROM gone_names);
UPDATE fct_document_sources SET other_version = struct_update(other_version, in_reply_to := NULL::VARCHAR)
WHERE other_version.in_reply_to IN (FROM gone_names);
