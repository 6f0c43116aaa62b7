-- mentions: start here. What people said of each watched name, human label first, in local time.
-- Grain: one row per relevant mention (document_id, brand_id). Read by: analysts, every other view.
-- Relevant: a person said so; where nobody spoke, the present query finds the name.
CREATE OR REPLACE VIEW mentions AS
SELECT
    client.client_id,
    mention.document_id,
    mention.brand_id,
    brand.name AS brand_name,
    brand.role AS brand_role,
    document.mentioned_at,
    timezone(client.timezone, document.mentioned_at) AS mentioned_at_local,
    CAST(timezone(client.timezone, document.mentioned_at) AS DATE) AS mentioned_on,
    document.published_at_quality,
    coalesce(mention.human_polarity, mention.polarity) AS polarity,
    mention.score,
    mention.confidence,
    mention.polarity AS model_polarity,
    mention.human_polarity IS NOT NULL AS is_human_labelled,
    mention.flags,
    mention.hits,
    mention.evidence,
    document.title,
    document.text,
    document.url,
    coalesce(nullif(site_of(document.canonical_url), ''), document.source_id) AS site,
    document.author_key,
    coalesce(document.author_key, 'source:' || document.source_id) AS author_or_source,
    document.source_id,
    coalesce(nullif(source.title, ''), document.source_id) AS source_title,
    source.source_type,
    source.weight AS source_weight,
    document.source_ids,
    document.story_id,
    mention.language,
    mention.is_matched,
    mention.query_version,
    mention.model_version
FROM fct_mentions AS mention
JOIN fct_documents AS document USING (document_id)
LEFT JOIN dim_brands AS brand USING (brand_id)
LEFT JOIN dim_sources AS source ON source.source_id = document.source_id
CROSS JOIN dim_clients AS client
WHERE coalesce(mention.human_is_relevant, mention.is_matched);
COMMENT ON VIEW mentions IS 'fr: Commencez ici : les mentions pertinentes, étiquette humaine d’abord, à l’heure du client. | en: Start here: relevant mentions, human label first, in the client’s time.';
COMMENT ON COLUMN mentions.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN mentions.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN mentions.brand_id IS 'fr: La marque nommée. | en: The brand named.';
COMMENT ON COLUMN mentions.brand_name IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN mentions.brand_role IS 'fr: own (à nous), competitor (concurrent), sector (secteur), person (personne). | en: own, competitor, sector, person.';
COMMENT ON COLUMN mentions.mentioned_at IS 'fr: Instant de la mention (UTC). | en: Instant of the mention (UTC).';
COMMENT ON COLUMN mentions.mentioned_at_local IS 'fr: Le même instant à l’heure du client. | en: The same instant in the client’s time.';
COMMENT ON COLUMN mentions.mentioned_on IS 'fr: Le jour, à l’heure du client. | en: The day, in the client’s time.';
COMMENT ON COLUMN mentions.published_at_quality IS 'fr: Qualité de la date : given (donnée), inferred (déduite), collected (celle de la collecte). | en: Quality of the date: given, inferred, collected.';
COMMENT ON COLUMN mentions.polarity IS 'fr: Ton envers cette marque, corrigé par une personne s’il y a lieu : negative, neutral, positive, mixed (partagé), unknown (non jugé). | en: Tone toward this brand, a person’s correction first: negative, neutral, positive, mixed, unknown (not judged).';
COMMENT ON COLUMN mentions.score IS 'fr: Score du modèle, de -1 à +1. | en: The model’s score, -1 to +1.';
COMMENT ON COLUMN mentions.confidence IS 'fr: Assurance du modèle, de 0 à 1. | en: How sure the model is, 0 to 1.';
COMMENT ON COLUMN mentions.model_polarity IS 'fr: Ton selon le modèle seul. | en: Tone according to the model alone.';
COMMENT ON COLUMN mentions.is_human_labelled IS 'fr: Vrai si une personne a choisi le ton. | en: True when a person chose the tone.';
COMMENT ON COLUMN mentions.flags IS 'fr: Signaux : insult (insulte), question, complaint (réclamation)… | en: Flags: insult, question, complaint…';
COMMENT ON COLUMN mentions.hits IS 'fr: Où la marque est nommée. | en: Where the brand is named.';
COMMENT ON COLUMN mentions.evidence IS 'fr: Pourquoi ce score. | en: Why this score.';
COMMENT ON COLUMN mentions.title IS 'fr: Titre du document. | en: Title of the document.';
COMMENT ON COLUMN mentions.text IS 'fr: Texte du document. | en: Text of the document.';
COMMENT ON COLUMN mentions.url IS 'fr: Son adresse. | en: Its address.';
COMMENT ON COLUMN mentions.site IS 'fr: Le site : l’hôte de son adresse, sans www ni entrée mobile ; sans adresse, la source. | en: The site: the host of its address, without www or a telephone’s entrance; without an address, the source.';
COMMENT ON COLUMN mentions.author_key IS 'fr: Pseudonyme de l’auteur. | en: The author’s pseudonym.';
COMMENT ON COLUMN mentions.author_or_source IS 'fr: L’auteur ; à défaut, la source, pour compter des voix. | en: The author, else the source, to count voices.';
COMMENT ON COLUMN mentions.source_id IS 'fr: La source montrée. | en: The source shown.';
COMMENT ON COLUMN mentions.source_title IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN mentions.source_type IS 'fr: press (presse), blog, forum, review (avis), social, search (recherche), own (à nous). | en: press, blog, forum, review, social, search, own.';
COMMENT ON COLUMN mentions.source_weight IS 'fr: Poids éditorial, de 0 à 10. | en: Editorial weight, 0 to 10.';
COMMENT ON COLUMN mentions.source_ids IS 'fr: Toutes les sources qui portent le document. | en: All sources that carry the document.';
COMMENT ON COLUMN mentions.story_id IS 'fr: Histoire : les copies d’un même texte n’en font qu’une. | en: Story: copies of one text are one.';
COMMENT ON COLUMN mentions.language IS 'fr: Langue jugée : fr, en, other. | en: Language judged: fr, en, other.';
COMMENT ON COLUMN mentions.is_matched IS 'fr: Faux si la requête actuelle ne trouve plus la marque (gardée parce qu’une personne l’a dite pertinente). | en: False when the present query no longer finds the brand (kept because a person said it is relevant).';
COMMENT ON COLUMN mentions.query_version IS 'fr: Version de la requête. | en: Version of the query.';
COMMENT ON COLUMN mentions.model_version IS 'fr: Version du modèle. | en: Version of the model.';
