-- story_members: how each story spread. Who was first, who followed, when, and by which evidence.
-- Grain: one row per document of a story. Read by: analysts. Ask for one story_id, or for those of
-- fct_stories with several documents.
CREATE OR REPLACE VIEW story_members AS
SELECT
    document.story_id,
    document.document_id,
    row_number() OVER spread AS place,
    document.mentioned_at,
    document.mentioned_at - min(document.mentioned_at) OVER spread AS delay,
    document.source_id,
    document.url,
    document.title,
    CASE
        WHEN document.document_id = document.story_id THEN 'first'
        WHEN document.document_id <> text.first_document_id THEN 'same_text'
        WHEN text.parent_text_id IS NULL THEN 'same_text'
        ELSE 'shared_passages'
    END AS rule,
    CASE
        WHEN document.document_id <> text.first_document_id THEN text.first_document_id
        ELSE parent.first_document_id
    END AS repeats_document_id,
    CASE WHEN document.document_id = text.first_document_id THEN text.containment END
        AS containment,
    CASE WHEN document.document_id = text.first_document_id THEN text.resemblance END
        AS resemblance,
    CASE WHEN document.document_id = text.first_document_id THEN text.shared_count END
        AS shared_count
FROM fct_documents AS document
LEFT JOIN fct_story_texts AS text ON text.text_id = document.text_id
LEFT JOIN fct_story_texts AS parent ON parent.text_id = text.parent_text_id
WINDOW spread AS (
    PARTITION BY document.story_id ORDER BY document.mentioned_at, document.document_id
);
COMMENT ON VIEW story_members IS 'fr: Comment une histoire s’est répandue : ses documents dans l’ordre de parution, et la preuve de leur parenté. | en: How a story spread: its documents in order of publication, and the proof that they belong together.';
COMMENT ON COLUMN story_members.story_id IS 'fr: L’histoire. | en: The story.';
COMMENT ON COLUMN story_members.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN story_members.place IS 'fr: Rang de parution, depuis 1. | en: Place in order of publication, from 1.';
COMMENT ON COLUMN story_members.mentioned_at IS 'fr: Parution, à défaut collecte (UTC). | en: Published, else collected (UTC).';
COMMENT ON COLUMN story_members.delay IS 'fr: Temps écoulé depuis le premier. | en: Time since the first one.';
COMMENT ON COLUMN story_members.source_id IS 'fr: La source montrée. | en: The source shown.';
COMMENT ON COLUMN story_members.url IS 'fr: Son adresse. | en: Its address.';
COMMENT ON COLUMN story_members.title IS 'fr: Son titre. | en: Its title.';
COMMENT ON COLUMN story_members.rule IS 'fr: Pourquoi il en est : first (le premier collecté), same_text (même texte), shared_passages (reprise en partie). | en: Why it belongs: first (first collected), same_text, shared_passages (repeated in part).';
COMMENT ON COLUMN story_members.repeats_document_id IS 'fr: Le document repris. | en: The document that it repeats.';
COMMENT ON COLUMN story_members.containment IS 'fr: Part du plus court qui se trouve dans l’autre, de 0 à 1. | en: Share of the shorter one that the other holds, 0 to 1.';
COMMENT ON COLUMN story_members.resemblance IS 'fr: Part commune des deux ensemble, de 0 à 1. | en: Share of both together that they have in common, 0 to 1.';
COMMENT ON COLUMN story_members.shared_count IS 'fr: Suites de trois mots communes, parmi l’échantillon. | en: Sequences of three words in common, among the sample.';
