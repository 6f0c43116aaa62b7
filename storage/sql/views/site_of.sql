-- site_of(canonical): the host in a canonical address: the site, without its entrances (www, m, amp).
-- Grain: scalar. Read by: loading/stage_documents, alerting/window_mentions; analysts.
-- The key of an address is made by listening.collectors.identity.canonical, which knows the entrances.
CREATE OR REPLACE MACRO site_of(canonical) AS regexp_extract(canonical, '^https?://([^/:?#@]+)', 1);
COMMENT ON MACRO site_of IS 'fr: Le site d’une adresse canonique : son hôte, sans www ni entrée mobile. | en: The site of a canonical address: its host, without www or a telephone’s entrance.';
