-- Requests as a site's owner may be shown them; items that a source no longer shows.

CREATE TABLE fct_requests (
    run_id VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    request_number INTEGER NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    host VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    robots VARCHAR NOT NULL CHECK (robots IN ('allowed', 'refused', 'ignored', 'file')),
    status SMALLINT,
    reason VARCHAR,
    byte_count BIGINT NOT NULL CHECK (byte_count >= 0),
    wait_s DOUBLE NOT NULL CHECK (wait_s >= 0),
    duration_s DOUBLE NOT NULL CHECK (duration_s >= 0),
    PRIMARY KEY (run_id, batch_id, request_number)
);
COMMENT ON TABLE fct_requests IS 'fr: Chaque demande faite à un site, ou que son robots.txt a interdite ; 90 jours. | en: Each request made to a site, or forbidden by its robots.txt; 90 days.';
COMMENT ON COLUMN fct_requests.run_id IS 'fr: Le passage. | en: The run.';
COMMENT ON COLUMN fct_requests.batch_id IS 'fr: Le lot. | en: The batch.';
COMMENT ON COLUMN fct_requests.request_number IS 'fr: Rang dans le lot, depuis 1. | en: Place in the batch, from 1.';
COMMENT ON COLUMN fct_requests.requested_at IS 'fr: Moment de la demande (UTC). | en: When it was made (UTC).';
COMMENT ON COLUMN fct_requests.host IS 'fr: Le site : hôte, ou hôte:port. | en: The site: host, or host:port.';
COMMENT ON COLUMN fct_requests.path IS 'fr: Chemin demandé, sans les valeurs de la requête ni rien qui ressemble à une clé. | en: Path asked for, without values of the query or anything that looks like a key.';
COMMENT ON COLUMN fct_requests.source_id IS 'fr: La source pour laquelle on demande. | en: The source on whose behalf.';
COMMENT ON COLUMN fct_requests.robots IS 'fr: Ce qu’en dit robots.txt : allowed (permis), refused (interdit : pas demandé), ignored (pas consulté), file (le fichier lui-même). | en: What robots.txt says: allowed, refused (not asked for), ignored (not consulted), file (the file itself).';
COMMENT ON COLUMN fct_requests.status IS 'fr: Code HTTP ; vide : pas de réponse. | en: HTTP status; empty: no answer.';
COMMENT ON COLUMN fct_requests.reason IS 'fr: Motif fixe, quand il n’y a pas eu de réponse. | en: Fixed reason, when there was no answer.';
COMMENT ON COLUMN fct_requests.byte_count IS 'fr: Octets lus, décompressés. | en: Bytes read, decompressed.';
COMMENT ON COLUMN fct_requests.wait_s IS 'fr: Attente de son tour auprès du site, en secondes. | en: Wait for its turn at the site, in seconds.';
COMMENT ON COLUMN fct_requests.duration_s IS 'fr: Durée de la réponse, en secondes. | en: Time the answer took, in seconds.';

ALTER TABLE source_states ADD COLUMN listed VARCHAR[] DEFAULT [];
COMMENT ON COLUMN source_states.listed IS 'fr: Documents montrés à la dernière bonne visite, dans l’ordre de la source. | en: Documents shown at the last good visit, in the order of the source.';
ALTER TABLE source_states ADD COLUMN missing MAP(VARCHAR, VARCHAR) DEFAULT MAP {};
COMMENT ON COLUMN source_states.missing IS 'fr: Documents retirés par la source, et depuis quand (UTC). | en: Documents the source has withdrawn, and since when (UTC).';
ALTER TABLE fct_document_sources ADD COLUMN missing_since_at TIMESTAMPTZ;
COMMENT ON COLUMN fct_document_sources.missing_since_at IS 'fr: Depuis quand la source ne montre plus ce document, alors qu’elle en montre de plus anciens ; son texte est gardé. | en: Since when the source no longer shows this document though it shows older ones; its text is kept.';
