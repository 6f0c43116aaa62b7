-- What was collected: documents, who carried them, and how each visit went.

CREATE TABLE fct_documents (
    document_id VARCHAR PRIMARY KEY CHECK (document_id <> ''),
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
    published_at_quality VARCHAR NOT NULL
        CHECK (published_at_quality IN ('given', 'inferred', 'collected')),
    mentioned_at TIMESTAMPTZ NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    guid VARCHAR,
    in_reply_to VARCHAR,
    story_id VARCHAR NOT NULL,
    tagged_with VARCHAR,
    loaded_at TIMESTAMPTZ NOT NULL,
    CHECK (fetched_at >= first_seen_at)
);
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
COMMENT ON COLUMN fct_documents.story_id IS 'fr: Histoire : les documents de même texte (au moins 8 mots) ont la même. | en: Story: documents of the same text (at least 8 words) share one.';
COMMENT ON COLUMN fct_documents.tagged_with IS 'fr: Version de l’étiqueteur qui l’a lu ; vide : à étiqueter. | en: Version of the tagger that read it; empty: to be tagged.';
COMMENT ON COLUMN fct_documents.loaded_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';

CREATE TABLE fct_document_sources (
    document_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    published_at_quality VARCHAR NOT NULL
        CHECK (published_at_quality IN ('given', 'inferred', 'collected')),
    other_version STRUCT(
        kind VARCHAR, url VARCHAR, canonical_url VARCHAR, title VARCHAR, "text" VARCHAR,
        author_key VARCHAR, "language" VARCHAR, guid VARCHAR, in_reply_to VARCHAR, story_id VARCHAR
    ),
    PRIMARY KEY (document_id, source_id)
);
COMMENT ON TABLE fct_document_sources IS 'fr: Un document vu dans une source : qui l’a porté, quand, et dans quelle version. | en: One document seen in one source: who carried it, when, and in which version.';
COMMENT ON COLUMN fct_document_sources.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_document_sources.source_id IS 'fr: La source. | en: The source.';
COMMENT ON COLUMN fct_document_sources.first_seen_at IS 'fr: Première collecte dans cette source (UTC). | en: First collection from this source (UTC).';
COMMENT ON COLUMN fct_document_sources.fetched_at IS 'fr: Collecte de la dernière version de cette source (UTC). | en: Collection of this source’s latest version (UTC).';
COMMENT ON COLUMN fct_document_sources.content_hash IS 'fr: Empreinte de cette version. | en: Digest of this version.';
COMMENT ON COLUMN fct_document_sources.published_at IS 'fr: Date de publication selon cette source (UTC). | en: Date of publication according to this source (UTC).';
COMMENT ON COLUMN fct_document_sources.published_at_quality IS 'fr: Qualité de cette date : given, inferred, collected. | en: Quality of that date: given, inferred, collected.';
COMMENT ON COLUMN fct_document_sources.other_version IS 'fr: La version de cette source, quand fct_documents en montre une autre ; sinon vide. | en: This source’s version when fct_documents shows another one; else empty.';

CREATE TABLE fct_source_runs (
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    status VARCHAR NOT NULL
        CHECK (status IN ('ok', 'unchanged', 'failed', 'refused', 'unreadable')),
    reason VARCHAR,
    http_status SMALLINT,
    duration_s DOUBLE NOT NULL CHECK (duration_s >= 0),
    byte_count BIGINT NOT NULL CHECK (byte_count >= 0),
    document_count BIGINT NOT NULL CHECK (document_count >= 0),
    new_count BIGINT NOT NULL CHECK (new_count >= 0),
    changed_count BIGINT NOT NULL CHECK (changed_count >= 0),
    faults VARCHAR[] NOT NULL,
    is_used_up BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, source_id)
);
COMMENT ON TABLE fct_source_runs IS 'fr: Une visite d’une source, bonne ou mauvaise. | en: One visit to one source, good or bad.';
COMMENT ON COLUMN fct_source_runs.run_id IS 'fr: Le passage (la nuit). | en: The run (the night).';
COMMENT ON COLUMN fct_source_runs.source_id IS 'fr: La source visitée. | en: The source visited.';
COMMENT ON COLUMN fct_source_runs.batch_id IS 'fr: Le lot qui l’a rapportée. | en: The batch that brought it.';
COMMENT ON COLUMN fct_source_runs.started_at IS 'fr: Début de la visite (UTC). | en: Start of the visit (UTC).';
COMMENT ON COLUMN fct_source_runs.status IS 'fr: ok (lue), unchanged (inchangée), failed (ennui passager), refused (à voir par une personne), unreadable (illisible). | en: ok, unchanged, failed (transient), refused (a person has to look), unreadable.';
COMMENT ON COLUMN fct_source_runs.reason IS 'fr: Motif fixe quand la visite n’est pas bonne : http_410, read_timeout… | en: Fixed reason when the visit is not good: http_410, read_timeout…';
COMMENT ON COLUMN fct_source_runs.http_status IS 'fr: Code HTTP. | en: HTTP status.';
COMMENT ON COLUMN fct_source_runs.duration_s IS 'fr: Durée en secondes. | en: Duration in seconds.';
COMMENT ON COLUMN fct_source_runs.byte_count IS 'fr: Octets lus, décompressés. | en: Bytes read, decompressed.';
COMMENT ON COLUMN fct_source_runs.document_count IS 'fr: Documents montrés par la source. | en: Documents the source showed.';
COMMENT ON COLUMN fct_source_runs.new_count IS 'fr: Documents nouveaux. | en: New documents.';
COMMENT ON COLUMN fct_source_runs.changed_count IS 'fr: Documents modifiés. | en: Changed documents.';
COMMENT ON COLUMN fct_source_runs.faults IS 'fr: Défauts constatés, en mots fixes. | en: Faults found, in fixed words.';
COMMENT ON COLUMN fct_source_runs.is_used_up IS 'fr: Vrai si une limite (nombre, octets, pages) a écourté la visite. | en: True when a budget (items, bytes, pages) cut the visit short.';

CREATE TABLE source_states (
    source_id VARCHAR PRIMARY KEY,
    etag VARCHAR,
    last_modified VARCHAR,
    body_hash VARCHAR,
    failure_score DOUBLE NOT NULL CHECK (failure_score >= 0),
    next_fetch_at TIMESTAMPTZ,
    last_success_at TIMESTAMPTZ,
    last_new_at TIMESTAMPTZ,
    unchanged_count INTEGER NOT NULL CHECK (unchanged_count >= 0),
    seen MAP(VARCHAR, VARCHAR) NOT NULL,
    shared_urls VARCHAR[] NOT NULL,
    visited_at TIMESTAMPTZ NOT NULL,
    run_id VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL
);
COMMENT ON TABLE source_states IS 'fr: Ce que nous retenons d’une source entre deux visites. | en: What we remember of a source between two visits.';
COMMENT ON COLUMN source_states.source_id IS 'fr: La source. | en: The source.';
COMMENT ON COLUMN source_states.etag IS 'fr: ETag de la dernière réponse. | en: ETag of the last answer.';
COMMENT ON COLUMN source_states.last_modified IS 'fr: Last-Modified de la dernière réponse. | en: Last-Modified of the last answer.';
COMMENT ON COLUMN source_states.body_hash IS 'fr: Empreinte du dernier corps lu. | en: Digest of the last body read.';
COMMENT ON COLUMN source_states.failure_score IS 'fr: 0 : en bonne santé ; croît avec les échecs. | en: 0: healthy; grows with failures.';
COMMENT ON COLUMN source_states.next_fetch_at IS 'fr: Prochaine visite (UTC) ; vide : tout de suite. | en: Next visit (UTC); empty: now.';
COMMENT ON COLUMN source_states.last_success_at IS 'fr: Dernière visite réussie (UTC). | en: Last good visit (UTC).';
COMMENT ON COLUMN source_states.last_new_at IS 'fr: Dernière visite qui a apporté du nouveau (UTC). | en: Last visit that brought something new (UTC).';
COMMENT ON COLUMN source_states.unchanged_count IS 'fr: Visites de suite sans changement. | en: Visits in a row without change.';
COMMENT ON COLUMN source_states.seen IS 'fr: Empreinte de chaque document montré à la dernière bonne visite. | en: Digest of each document shown at the last good visit.';
COMMENT ON COLUMN source_states.shared_urls IS 'fr: Adresses communes à plusieurs documents de la source. | en: Addresses that several documents of the source share.';
COMMENT ON COLUMN source_states.visited_at IS 'fr: Visite dont vient cet état (UTC) ; un état plus ancien ne le remplace pas. | en: Visit this state comes from (UTC); an older state never replaces it.';
COMMENT ON COLUMN source_states.run_id IS 'fr: Passage dont vient cet état. | en: Run this state comes from.';
COMMENT ON COLUMN source_states.batch_id IS 'fr: Lot dont vient cet état. | en: Batch this state comes from.';

CREATE TABLE fct_own_posts (
    post_id VARCHAR PRIMARY KEY CHECK (post_id <> ''),
    channel VARCHAR NOT NULL,
    url VARCHAR,
    text VARCHAR NOT NULL,
    topic VARCHAR,
    posted_at TIMESTAMPTZ NOT NULL,
    impression_count BIGINT CHECK (impression_count >= 0),
    reaction_count BIGINT CHECK (reaction_count >= 0),
    comment_count BIGINT CHECK (comment_count >= 0),
    share_count BIGINT CHECK (share_count >= 0),
    click_count BIGINT CHECK (click_count >= 0),
    imported_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE fct_own_posts IS 'fr: Nos propres publications, importées d’un CSV. | en: Our own posts, imported from a CSV file.';
COMMENT ON COLUMN fct_own_posts.post_id IS 'fr: Identifiant de la publication. | en: Id of the post.';
COMMENT ON COLUMN fct_own_posts.channel IS 'fr: Où elle a paru : site, réseau, infolettre. | en: Where it appeared: site, network, newsletter.';
COMMENT ON COLUMN fct_own_posts.url IS 'fr: Son adresse. | en: Its address.';
COMMENT ON COLUMN fct_own_posts.text IS 'fr: Son texte. | en: Its text.';
COMMENT ON COLUMN fct_own_posts.topic IS 'fr: Son thème, tel qu’importé. | en: Its topic, as imported.';
COMMENT ON COLUMN fct_own_posts.posted_at IS 'fr: Date de publication (UTC). | en: Date of publication (UTC).';
COMMENT ON COLUMN fct_own_posts.impression_count IS 'fr: Affichages, tels qu’exportés par le réseau. | en: Impressions, as exported by the network.';
COMMENT ON COLUMN fct_own_posts.reaction_count IS 'fr: Réactions. | en: Reactions.';
COMMENT ON COLUMN fct_own_posts.comment_count IS 'fr: Commentaires. | en: Comments.';
COMMENT ON COLUMN fct_own_posts.share_count IS 'fr: Partages. | en: Shares.';
COMMENT ON COLUMN fct_own_posts.click_count IS 'fr: Clics. | en: Clicks.';
COMMENT ON COLUMN fct_own_posts.imported_at IS 'fr: Date de l’import (UTC). | en: When it was imported (UTC).';
