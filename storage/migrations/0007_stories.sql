-- Stories by what texts share: who repeats whom, with the evidence, and one row per story.
-- These tables have no keys of DuckDB's: their indexes would weigh more than the rows. A check
-- (story_tables_disagree) sees to them instead.

ALTER TABLE fct_documents ADD COLUMN text_id UBIGINT;
COMMENT ON COLUMN fct_documents.text_id IS 'fr: Le texte, sans casse, accents ni ponctuation : égal pour deux copies exactes ; vide tant que le document n’est pas rangé dans une histoire. | en: The text without case, accents and punctuation: equal for two exact copies; empty until the document is put into a story.';
COMMENT ON COLUMN fct_documents.story_id IS 'fr: Histoire : les textes qui se reprennent en tout ou en partie. C’est l’identifiant du premier document collecté de l’histoire. | en: Story: texts that repeat each other in whole or in part. It is the id of the story’s first collected document.';

CREATE TABLE fct_story_texts (
    text_id UBIGINT NOT NULL,
    root_text_id UBIGINT NOT NULL,
    parent_text_id UBIGINT,
    containment DOUBLE CHECK (containment BETWEEN 0 AND 1),
    resemblance DOUBLE CHECK (resemblance BETWEEN 0 AND 1),
    shared_count INTEGER CHECK (shared_count > 0),
    shingle_count INTEGER NOT NULL CHECK (shingle_count >= 0),
    first_document_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    mentioned_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE fct_story_texts IS 'fr: Un texte distinct par ligne, le texte antérieur qu’il reprend, et la preuve ; retirer ce lien rend le texte à lui-même. | en: One distinct text per row, the earlier text that it repeats, and the proof; taking that link away gives the text back to itself.';
COMMENT ON COLUMN fct_story_texts.text_id IS 'fr: Le texte. | en: The text.';
COMMENT ON COLUMN fct_story_texts.root_text_id IS 'fr: Le premier texte de l’histoire. | en: The first text of the story.';
COMMENT ON COLUMN fct_story_texts.parent_text_id IS 'fr: Le texte antérieur qu’il reprend le plus ; vide pour le premier. | en: The earlier text that it repeats most; empty for the first one.';
COMMENT ON COLUMN fct_story_texts.containment IS 'fr: Part du plus court des deux qui se trouve dans l’autre, de 0 à 1. | en: Share of the shorter of the two that the other holds, 0 to 1.';
COMMENT ON COLUMN fct_story_texts.resemblance IS 'fr: Part commune des deux ensemble, de 0 à 1. | en: Share of both together that they have in common, 0 to 1.';
COMMENT ON COLUMN fct_story_texts.shared_count IS 'fr: Suites de trois mots communes, parmi l’échantillon. | en: Sequences of three words in common, among the sample.';
COMMENT ON COLUMN fct_story_texts.shingle_count IS 'fr: Suites de trois mots de ce texte dans l’échantillon ; 0 : trop court, comparé en entier seulement. | en: Sequences of three words of this text in the sample; 0: too short, compared as a whole only.';
COMMENT ON COLUMN fct_story_texts.first_document_id IS 'fr: Premier document collecté qui a ce texte. | en: First collected document of this text.';
COMMENT ON COLUMN fct_story_texts.source_id IS 'fr: Sa source. | en: Its source.';
COMMENT ON COLUMN fct_story_texts.first_seen_at IS 'fr: Sa première collecte (UTC). | en: When it was first collected (UTC).';
COMMENT ON COLUMN fct_story_texts.mentioned_at IS 'fr: Sa parution, à défaut sa collecte (UTC). | en: When it was published, else collected (UTC).';

CREATE TABLE fct_stories (
    story_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR,
    first_document_id VARCHAR NOT NULL,
    first_source_id VARCHAR NOT NULL,
    first_mentioned_at TIMESTAMPTZ NOT NULL,
    last_mentioned_at TIMESTAMPTZ NOT NULL,
    document_count BIGINT NOT NULL,
    text_count BIGINT NOT NULL,
    source_count BIGINT NOT NULL
);
COMMENT ON TABLE fct_stories IS 'fr: Les histoires, tous documents compris ; la vue stories ne compte que les mentions. | en: Stories, of all documents; the view stories counts mentions only.';
COMMENT ON COLUMN fct_stories.story_id IS 'fr: L’histoire. | en: The story.';
COMMENT ON COLUMN fct_stories.title IS 'fr: Titre du premier document. | en: Title of the first document.';
COMMENT ON COLUMN fct_stories.url IS 'fr: Son adresse. | en: Its address.';
COMMENT ON COLUMN fct_stories.first_document_id IS 'fr: Le premier document paru. | en: The first document that was published.';
COMMENT ON COLUMN fct_stories.first_source_id IS 'fr: Sa source. | en: Its source.';
COMMENT ON COLUMN fct_stories.first_mentioned_at IS 'fr: Première parution (UTC). | en: First publication (UTC).';
COMMENT ON COLUMN fct_stories.last_mentioned_at IS 'fr: Dernière parution (UTC). | en: Last publication (UTC).';
COMMENT ON COLUMN fct_stories.document_count IS 'fr: Documents. | en: Documents.';
COMMENT ON COLUMN fct_stories.text_count IS 'fr: Textes distincts. | en: Distinct texts.';
COMMENT ON COLUMN fct_stories.source_count IS 'fr: Sources des documents. | en: Sources of the documents.';

CREATE TABLE story_shingles (
    text_id UBIGINT NOT NULL,
    shingle UINTEGER NOT NULL,
    place USMALLINT NOT NULL,
    seen_on DATE NOT NULL
);
COMMENT ON TABLE story_shingles IS 'fr: Index des textes récents par suites de trois mots échantillonnées ; se refait à partir des textes. | en: Index of recent texts by sampled sequences of three words; can be made again from the texts.';
COMMENT ON COLUMN story_shingles.text_id IS 'fr: Le texte. | en: The text.';
COMMENT ON COLUMN story_shingles.shingle IS 'fr: Empreinte de trois mots qui se suivent. | en: Digest of three words in a row.';
COMMENT ON COLUMN story_shingles.place IS 'fr: Rang dans le texte. | en: Place in the text.';
COMMENT ON COLUMN story_shingles.seen_on IS 'fr: Jour de la collecte (UTC) ; les lignes anciennes s’en vont. | en: Day of collection (UTC); old rows go.';

CREATE TABLE story_queue (document_id VARCHAR NOT NULL);
COMMENT ON TABLE story_queue IS 'fr: Documents chargés, pas encore rangés dans une histoire. | en: Documents loaded and not yet put into a story.';
COMMENT ON COLUMN story_queue.document_id IS 'fr: Le document. | en: The document.';

-- What an earlier version grouped by exact text is grouped anew at the next load.
INSERT INTO story_queue SELECT document_id FROM fct_documents;
