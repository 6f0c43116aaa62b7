-- The tables that grow with documents lose their primary keys. Random identifiers touch every part of
-- an index: a load of 20,000 documents beside five millions wrote 900 MB of indexes and took twice as
-- long, and indexes were a third of the file that each publication copies. Loads look up what is known
-- and insert what is not, in one transaction of the one writer; a check (key_repeated) sees to them.

CREATE TABLE unkeyed_documents (
    document_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    source_ids VARCHAR[] NOT NULL,
    kind VARCHAR NOT NULL,
    url VARCHAR,
    canonical_url VARCHAR,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    author_key VARCHAR,
    language VARCHAR,
    found_language VARCHAR,
    published_at TIMESTAMPTZ,
    published_at_quality VARCHAR NOT NULL,
    mentioned_at TIMESTAMPTZ NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    guid VARCHAR,
    in_reply_to VARCHAR,
    story_id VARCHAR NOT NULL,
    tagged_with VARCHAR,
    loaded_at TIMESTAMPTZ NOT NULL,
    text_id UBIGINT,
    CHECK (document_id <> ''),
    CHECK (published_at_quality IN ('given', 'inferred', 'collected')),
    CHECK (fetched_at >= first_seen_at)
);
INSERT INTO unkeyed_documents BY NAME FROM fct_documents;
DROP TABLE fct_documents;
ALTER TABLE unkeyed_documents RENAME TO fct_documents;
COMMENT ON TABLE fct_documents IS 'fr: Un document tel que publié (article, billet, message), gardé une fois quel que soit le nombre de sources qui le portent. | en: One item as published (article, post), stored once however many sources carry it.';
COMMENT ON COLUMN fct_documents.document_id IS 'fr: Identifiant stable, 32 chiffres hexadécimaux. | en: Stable id, 32 hexadecimal digits.';
COMMENT ON COLUMN fct_documents.source_id IS 'fr: Source dont la version est montrée : la première, sauf si une autre a un texte au moins 1,2 fois plus long. | en: Source whose version is shown: the first one, unless another has a text at least 1.2 times longer.';
COMMENT ON COLUMN fct_documents.source_ids IS 'fr: Toutes les sources qui le portent, de la première à la dernière. | en: All sources that carry it, first to last.';
COMMENT ON COLUMN fct_documents.kind IS 'fr: Manière dont il a été lu : feed… | en: How it was read: feed…';
COMMENT ON COLUMN fct_documents.url IS 'fr: Adresse donnée par la source. | en: Address as the source gives it.';
COMMENT ON COLUMN fct_documents.canonical_url IS 'fr: Adresse sans paramètres de suivi ni variantes. | en: Address without tracking parameters and variants.';
COMMENT ON COLUMN fct_documents.title IS 'fr: Titre, texte brut. | en: Title, plain text.';
COMMENT ON COLUMN fct_documents.text IS 'fr: Texte brut, paragraphes séparés par des retours à la ligne. | en: Plain text, paragraphs separated by newlines.';
COMMENT ON COLUMN fct_documents.author_key IS 'fr: Pseudonyme de l’auteur, voir dim_authors. | en: The author’s pseudonym, see dim_authors.';
COMMENT ON COLUMN fct_documents.language IS 'fr: Langue annoncée par la source. | en: Language the source declares.';
COMMENT ON COLUMN fct_documents.found_language IS 'fr: Langue reconnue dans le texte : fr, en, other ; vide avant l’étiquetage. | en: Language found in the text: fr, en, other; empty before tagging.';
COMMENT ON COLUMN fct_documents.published_at IS 'fr: Date de publication (UTC), la plus sûre parmi les sources. | en: Date of publication (UTC), the most reliable among the sources.';
COMMENT ON COLUMN fct_documents.published_at_quality IS 'fr: given (date donnée), inferred (déduite), collected (absente : celle de la collecte). | en: given, inferred, or collected (absent: that of the collection).';
COMMENT ON COLUMN fct_documents.mentioned_at IS 'fr: Instant qui compte (UTC) : publication, ou première collecte si la date n’est pas sûre. | en: Instant that counts (UTC): publication, or first collection where no date can be trusted.';
COMMENT ON COLUMN fct_documents.first_seen_at IS 'fr: Première collecte (UTC). | en: First collection (UTC).';
COMMENT ON COLUMN fct_documents.fetched_at IS 'fr: Collecte de la version montrée (UTC). | en: Collection of the version shown (UTC).';
COMMENT ON COLUMN fct_documents.content_hash IS 'fr: Empreinte du titre et du texte. | en: Digest of title and text.';
COMMENT ON COLUMN fct_documents.guid IS 'fr: Identifiant donné par la source. | en: Id as the source gives it.';
COMMENT ON COLUMN fct_documents.in_reply_to IS 'fr: Identifiant ou adresse du message auquel il répond. | en: Id or address of the post it answers.';
COMMENT ON COLUMN fct_documents.story_id IS 'fr: Histoire : les textes qui se reprennent en tout ou en partie. C’est l’identifiant du premier document collecté de l’histoire. | en: Story: texts that repeat each other in whole or in part. It is the id of the story’s first collected document.';
COMMENT ON COLUMN fct_documents.tagged_with IS 'fr: Version de l’étiqueteur qui l’a lu ; vide : à étiqueter. | en: Version of the tagger that read it; empty: to be tagged.';
COMMENT ON COLUMN fct_documents.loaded_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';
COMMENT ON COLUMN fct_documents.text_id IS 'fr: Le texte, sans casse, accents ni ponctuation : égal pour deux copies exactes ; vide tant que le document n’est pas rangé dans une histoire. | en: The text without case, accents and punctuation: equal for two exact copies; empty until the document is put into a story.';

CREATE TABLE unkeyed_document_sources (
    document_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    published_at_quality VARCHAR NOT NULL,
    other_version STRUCT(kind VARCHAR, url VARCHAR, canonical_url VARCHAR, title VARCHAR, "text" VARCHAR, author_key VARCHAR, "language" VARCHAR, guid VARCHAR, in_reply_to VARCHAR, story_id VARCHAR),
    missing_since_at TIMESTAMPTZ,
    CHECK (published_at_quality IN ('given', 'inferred', 'collected'))
);
INSERT INTO unkeyed_document_sources BY NAME FROM fct_document_sources;
DROP TABLE fct_document_sources;
ALTER TABLE unkeyed_document_sources RENAME TO fct_document_sources;
COMMENT ON TABLE fct_document_sources IS 'fr: Un document vu dans une source : qui l’a porté, quand, et dans quelle version. | en: One document seen in one source: who carried it, when, and in which version.';
COMMENT ON COLUMN fct_document_sources.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_document_sources.source_id IS 'fr: La source. | en: The source.';
COMMENT ON COLUMN fct_document_sources.first_seen_at IS 'fr: Première collecte dans cette source (UTC). | en: First collection from this source (UTC).';
COMMENT ON COLUMN fct_document_sources.fetched_at IS 'fr: Collecte de la dernière version de cette source (UTC). | en: Collection of this source’s latest version (UTC).';
COMMENT ON COLUMN fct_document_sources.content_hash IS 'fr: Empreinte de cette version. | en: Digest of this version.';
COMMENT ON COLUMN fct_document_sources.published_at IS 'fr: Date de publication selon cette source (UTC). | en: Date of publication according to this source (UTC).';
COMMENT ON COLUMN fct_document_sources.published_at_quality IS 'fr: Qualité de cette date : given, inferred, collected. | en: Quality of that date: given, inferred, collected.';
COMMENT ON COLUMN fct_document_sources.other_version IS 'fr: La version de cette source, quand fct_documents en montre une autre ; sinon vide. | en: This source’s version when fct_documents shows another one; else empty.';
COMMENT ON COLUMN fct_document_sources.missing_since_at IS 'fr: Depuis quand la source ne montre plus ce document, alors qu’elle en montre de plus anciens ; son texte est gardé. | en: Since when the source no longer shows this document though it shows older ones; its text is kept.';

CREATE TABLE unkeyed_mentions (
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    polarity VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    confidence DOUBLE NOT NULL,
    hits STRUCT("start" INTEGER, "end" INTEGER, term VARCHAR)[] NOT NULL,
    evidence STRUCT(term VARCHAR, weight DOUBLE, "start" INTEGER, "end" INTEGER, is_negated BOOLEAN)[] NOT NULL,
    flags VARCHAR[] NOT NULL,
    language VARCHAR NOT NULL,
    query_version VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    tagger_version VARCHAR NOT NULL,
    tagged_at TIMESTAMPTZ NOT NULL,
    is_matched BOOLEAN NOT NULL,
    human_polarity VARCHAR,
    human_is_relevant BOOLEAN,
    human_labelled_at TIMESTAMPTZ,
    human_labelled_by VARCHAR,
    zones VARCHAR[] DEFAULT [],
    CHECK (polarity IN ('negative', 'neutral', 'positive', 'mixed', 'unknown')),
    CHECK (score BETWEEN -1 AND 1),
    CHECK (confidence BETWEEN 0 AND 1),
    CHECK (len(hits) > 0),
    CHECK (human_polarity IN ('negative', 'neutral', 'positive', 'mixed', 'unknown'))
);
INSERT INTO unkeyed_mentions BY NAME FROM fct_mentions;
DROP TABLE fct_mentions;
ALTER TABLE unkeyed_mentions RENAME TO fct_mentions;
COMMENT ON TABLE fct_mentions IS 'fr: Un document × une marque qui y est nommée : ce que comptent tous les chiffres. | en: One document × one brand named in it: what every number counts.';
COMMENT ON COLUMN fct_mentions.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_mentions.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_mentions.polarity IS 'fr: Ton du document envers cette marque selon le modèle : negative, neutral, positive, mixed (partagé), unknown (langue non jugée). | en: Tone toward this brand according to the model: negative, neutral, positive, mixed, unknown (language not judged).';
COMMENT ON COLUMN fct_mentions.score IS 'fr: De -1 (négatif) à +1 (positif), envers cette marque. | en: -1 (negative) to +1 (positive), toward this brand.';
COMMENT ON COLUMN fct_mentions.confidence IS 'fr: Assurance du modèle, de 0 à 1. | en: How sure the model is, 0 to 1.';
COMMENT ON COLUMN fct_mentions.hits IS 'fr: Où la marque est nommée, en caractères dans « titre, retour à la ligne, texte ». | en: Where the brand is named, in characters of "title, newline, text".';
COMMENT ON COLUMN fct_mentions.evidence IS 'fr: Pourquoi ce score : termes, poids, négation ; les poids s’additionnent. | en: Why this score: terms, weights, negation; the weights add up.';
COMMENT ON COLUMN fct_mentions.flags IS 'fr: Signaux : insult (insulte), question, complaint (réclamation)… | en: Flags: insult, question, complaint…';
COMMENT ON COLUMN fct_mentions.language IS 'fr: Langue jugée : fr, en, other. | en: Language judged: fr, en, other.';
COMMENT ON COLUMN fct_mentions.query_version IS 'fr: Version de la requête de la marque. | en: Version of the brand’s query.';
COMMENT ON COLUMN fct_mentions.model_version IS 'fr: Version du modèle. | en: Version of the model.';
COMMENT ON COLUMN fct_mentions.tagger_version IS 'fr: Version de l’ensemble requête et modèle. | en: Version of queries and model together.';
COMMENT ON COLUMN fct_mentions.tagged_at IS 'fr: Dernier changement par l’étiqueteur (UTC). | en: Last change by the tagger (UTC).';
COMMENT ON COLUMN fct_mentions.is_matched IS 'fr: Faux si la requête actuelle ne nomme plus la marque et que la ligne reste pour son étiquette humaine. | en: False when the present query no longer finds the brand and the row stays for its human label.';
COMMENT ON COLUMN fct_mentions.human_polarity IS 'fr: Ton selon une personne ; l’emporte sur celui du modèle. | en: Tone according to a person; overrules the model’s.';
COMMENT ON COLUMN fct_mentions.human_is_relevant IS 'fr: Faux si une personne dit que c’est un homonyme ou hors sujet. | en: False when a person says it is a homonym or beside the point.';
COMMENT ON COLUMN fct_mentions.human_labelled_at IS 'fr: Dernière étiquette humaine (UTC). | en: Last human label (UTC).';
COMMENT ON COLUMN fct_mentions.human_labelled_by IS 'fr: Qui a étiqueté. | en: Who labelled.';
COMMENT ON COLUMN fct_mentions.zones IS 'fr: Où la marque est nommée : title (titre), body (texte) ; vide : étiqueté par une version plus ancienne. | en: Where the brand is named: title, body; empty: tagged by an older version.';

CREATE TABLE unkeyed_mention_topics (
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    topic_id VARCHAR NOT NULL,
    terms VARCHAR[] NOT NULL
);
INSERT INTO unkeyed_mention_topics BY NAME FROM fct_mention_topics;
DROP TABLE fct_mention_topics;
ALTER TABLE unkeyed_mention_topics RENAME TO fct_mention_topics;
COMMENT ON TABLE fct_mention_topics IS 'fr: Une mention × un thème qui y est abordé. | en: One mention × one topic raised in it.';
COMMENT ON COLUMN fct_mention_topics.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_mention_topics.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_mention_topics.topic_id IS 'fr: Le thème. | en: The topic.';
COMMENT ON COLUMN fct_mention_topics.terms IS 'fr: Les mots qui l’ont signalé. | en: The words that marked it.';
