-- What was tagged: mentions, their topics, and what people said of them.

CREATE TABLE fct_mentions (
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    polarity VARCHAR NOT NULL
        CHECK (polarity IN ('negative', 'neutral', 'positive', 'mixed', 'unknown')),
    score DOUBLE NOT NULL CHECK (score BETWEEN -1 AND 1),
    confidence DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    hits STRUCT("start" INTEGER, "end" INTEGER, term VARCHAR)[] NOT NULL CHECK (len(hits) > 0),
    evidence STRUCT(
        term VARCHAR, weight DOUBLE, "start" INTEGER, "end" INTEGER, is_negated BOOLEAN
    )[] NOT NULL,
    flags VARCHAR[] NOT NULL,
    language VARCHAR NOT NULL,
    query_version VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    tagger_version VARCHAR NOT NULL,
    tagged_at TIMESTAMPTZ NOT NULL,
    is_matched BOOLEAN NOT NULL,
    human_polarity VARCHAR
        CHECK (human_polarity IN ('negative', 'neutral', 'positive', 'mixed', 'unknown')),
    human_is_relevant BOOLEAN,
    human_labelled_at TIMESTAMPTZ,
    human_labelled_by VARCHAR,
    PRIMARY KEY (document_id, brand_id)
);
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

CREATE TABLE fct_mention_topics (
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    topic_id VARCHAR NOT NULL,
    terms VARCHAR[] NOT NULL,
    PRIMARY KEY (document_id, brand_id, topic_id)
);
COMMENT ON TABLE fct_mention_topics IS 'fr: Une mention × un thème qui y est abordé. | en: One mention × one topic raised in it.';
COMMENT ON COLUMN fct_mention_topics.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_mention_topics.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_mention_topics.topic_id IS 'fr: Le thème. | en: The topic.';
COMMENT ON COLUMN fct_mention_topics.terms IS 'fr: Les mots qui l’ont signalé. | en: The words that marked it.';

CREATE TABLE fct_mention_actions (
    action_id VARCHAR PRIMARY KEY CHECK (action_id <> ''),
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('polarity', 'relevance', 'status', 'owner', 'note')),
    value VARCHAR,
    actor VARCHAR NOT NULL,
    acted_at TIMESTAMPTZ NOT NULL,
    CHECK (kind <> 'polarity' OR value IN ('negative', 'neutral', 'positive', 'mixed', 'unknown')),
    CHECK (kind <> 'relevance' OR value IN ('true', 'false')),
    CHECK (kind <> 'status' OR value IN ('new', 'in_progress', 'answered', 'ignored', 'satisfied'))
);
COMMENT ON TABLE fct_mention_actions IS 'fr: Ce que des personnes ont fait d’une mention ; on ajoute, on ne modifie jamais. | en: What people did with a mention; appended to, never changed.';
COMMENT ON COLUMN fct_mention_actions.action_id IS 'fr: Identifiant de l’action, 32 chiffres hexadécimaux. | en: Id of the action, 32 hexadecimal digits.';
COMMENT ON COLUMN fct_mention_actions.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_mention_actions.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_mention_actions.kind IS 'fr: polarity (ton), relevance (pertinence), status (suivi), owner (responsable), note. | en: polarity, relevance, status, owner, note.';
COMMENT ON COLUMN fct_mention_actions.value IS 'fr: La valeur choisie ; vide : l’étiquette est retirée. | en: The value chosen; empty: the label is withdrawn.';
COMMENT ON COLUMN fct_mention_actions.actor IS 'fr: Qui a agi. | en: Who acted.';
COMMENT ON COLUMN fct_mention_actions.acted_at IS 'fr: Quand (UTC). | en: When (UTC).';
