-- stories: texts that repeat each other, counted once.
-- Grain: one row per story that names a watched brand. Read by: analysts, reports.
-- Mentions are read once; titles are fetched last, for the first document alone. Nearly every story has
-- one document: short lists are several times as fast there as count(DISTINCT), and shorter of digests.
CREATE OR REPLACE VIEW stories AS
WITH counted AS (
    SELECT
        client_id,
        story_id,
        min({'at': mentioned_at, 'document_id': document_id}) AS head,
        max(mentioned_at) AS last_mentioned_at,
        len(list_distinct(list(hash(document_id)))) AS document_count,
        len(list_distinct(flatten(list(source_ids)))) AS source_count,
        len(list_distinct(list(hash(author_or_source)))) AS author_count,
        count(*) AS mention_count,
        count(*) FILTER (polarity = 'negative') AS negative_count,
        count(*) FILTER (polarity = 'positive') AS positive_count,
        list_sort(list_distinct(list(brand_id))) AS brand_ids
    FROM mentions
    GROUP BY client_id, story_id
)
SELECT
    counted.client_id,
    counted.story_id,
    document.title,
    document.url,
    document.document_id AS first_document_id,
    document.source_id AS first_source_id,
    counted.head.at AS first_mentioned_at,
    counted.last_mentioned_at,
    counted.document_count,
    counted.source_count,
    counted.author_count,
    counted.mention_count,
    counted.negative_count,
    counted.positive_count,
    counted.brand_ids
FROM counted
JOIN fct_documents AS document ON document.document_id = counted.head.document_id;
COMMENT ON VIEW stories IS 'fr: Les histoires : les textes qui se reprennent, comptés une fois. | en: Stories: texts that repeat each other, counted once.';
COMMENT ON COLUMN stories.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN stories.story_id IS 'fr: L’histoire. | en: The story.';
COMMENT ON COLUMN stories.title IS 'fr: Titre du premier document. | en: Title of the first document.';
COMMENT ON COLUMN stories.url IS 'fr: Adresse du premier document. | en: Address of the first document.';
COMMENT ON COLUMN stories.first_document_id IS 'fr: Le premier document. | en: The first document.';
COMMENT ON COLUMN stories.first_source_id IS 'fr: La source du premier document. | en: The source of the first document.';
COMMENT ON COLUMN stories.first_mentioned_at IS 'fr: Instant du premier document (UTC). | en: Instant of the first document (UTC).';
COMMENT ON COLUMN stories.last_mentioned_at IS 'fr: Instant du dernier document (UTC). | en: Instant of the last document (UTC).';
COMMENT ON COLUMN stories.document_count IS 'fr: Documents de l’histoire. | en: Documents of the story.';
COMMENT ON COLUMN stories.source_count IS 'fr: Sources qui la portent. | en: Sources that carry it.';
COMMENT ON COLUMN stories.author_count IS 'fr: Auteurs distincts ; à défaut d’auteur, la source. | en: Distinct authors; the source where there is none.';
COMMENT ON COLUMN stories.mention_count IS 'fr: Mentions (document × marque). | en: Mentions (document × brand).';
COMMENT ON COLUMN stories.negative_count IS 'fr: Mentions négatives. | en: Negative mentions.';
COMMENT ON COLUMN stories.positive_count IS 'fr: Mentions positives. | en: Positive mentions.';
COMMENT ON COLUMN stories.brand_ids IS 'fr: Marques nommées, triées. | en: Brands named, sorted.';
