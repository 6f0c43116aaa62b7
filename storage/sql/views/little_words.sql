-- little_words: words that any text may have and that tell nothing of what it is about: function words
-- of French and English, negations, small numbers, and the words of the watched brands' names.
-- Grain: one row per word, as folded_word writes it, of three letters or more (shorter ones tell
-- nothing either). Read by: telling_part, rising_terms; analysts.
CREATE OR REPLACE MACRO folded_word(word) AS replace(strip_accents(lower(word)), 'œ', 'oe');
COMMENT ON MACRO folded_word IS 'fr: Un mot sans majuscules ni accents, œ écrit oe. | en: A word without capitals or accents, œ written oe.';

CREATE OR REPLACE VIEW little_words AS
WITH written AS (SELECT unnest(list_concat([name], terms, exact_terms)) AS name FROM dim_brands),
words AS (
    SELECT unnest(string_split_regex('
aie aient ailleurs ainsi alors apres assez aucun aucune aujourd aupres auquel aura aurai auraient aurais
aurait aurez auront aussi autant autre autres aux auxquelles auxquels avaient avais avait avant avec
avez aviez avions avoir avons ayant beaucoup bref car ceci cela celle celles celui cent cependant
certain certaine certaines certains ces cest cet cette ceux chacun chacune chaque chez cinq combien comme
comment contre dans davantage deja depuis derriere des desormais dessous dessus deux devaient devais
devait devant devez devons devra devrait dix doit doivent donc dont duquel durant elle elles encore
enfin ensuite entre environ est etaient etais etait etant ete etes etiez etions etre eue eues eurent
eus eut eux faire fais faisait fait fallait faut fera ferait font fut guere hors huit hui ici ils ira
jamais jusqu jusque juste laquelle lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui
maintenant mais malgre meme memes mes mien mienne mille moi moins mon neanmoins neuf non nos notamment
notre nous nul nulle onze ont oui par parce parfois parmi pas pendant personne peu peut peuvent peux
plupart plus plusieurs plutot point pour pourquoi pourtant pouvait pouvez pouvoir pouvons pourra
pourrait pres presqu presque puis puisqu puisque quand quant quatre que quel quelle quelles quelqu
quelque quelques quels qui quiconque quinze quoi quoique rien sans sauf selon sept sera serai seraient
serais serait seras serez seront ses seul seule seulement sien sienne sinon six soi soient sois soit
sommes son sont souvent sous suis sur surtout tandis tant tel telle telles tels tes toi ton toujours
tous tout toute toutes toutefois treize trente tres trois trop une unes uns vais vas vers vingt voici
voila vont vos votre vous
able about above across after afterwards again against ain all almost alone along already also
although always among and another any anybody anyone anything anyway are aren around away became
because become been before behind being below between both but can cannot could couldn did didn does
doesn doing don done due during each eight either else enough even ever every everybody everyone
everything except few five for four from further get gets getting goes going gone got had hadn has
hasn have haven having hence her here hers herself him himself his how however hundred indeed instead
into isn its itself just least less let many may maybe might more most much must mustn myself neither
never nine nobody none nor not nothing now nowhere off often once one only onto other others otherwise
ought our ours ourselves out over own per perhaps quite rather really said same several seven shall she
should shouldn since some somebody someone something sometimes somewhere still such ten than that the
their theirs them themselves then there therefore these they this those though three through
throughout thus till together too toward towards twelve two under unless until upon very was wasn
were weren what whatever when whenever where whereas wherever whether which while who whoever whole
whom whose why will with within without won would wouldn yes yet you your yours yourself yourselves
', '\s+')) AS word
    UNION
    SELECT unnest(string_split_regex(folded_word(name), '[^\p{L}\p{N}]+')) FROM written
    UNION
    -- As hashtags, handles and hurried people write a name or a part of it: loeufalacoque, loeuf.
    SELECT regexp_replace(folded_word(unnest(list_concat([name], string_split(name, ' ')))), '[^\p{L}\p{N}]', '', 'g')
    FROM written
)
SELECT word FROM words WHERE length(word) >= 3;
COMMENT ON VIEW little_words IS 'fr: Mots de tous les textes, qui ne disent rien du sujet : mots-outils et négations du français et de l’anglais, noms des marques suivies. | en: Words of every text, which tell nothing of its subject: function words and negations of French and English, names of the watched brands.';
COMMENT ON COLUMN little_words.word IS 'fr: Le mot, sans majuscules ni accents ; trois lettres au moins. | en: The word, without capitals or accents; three letters at least.';

-- telling_part(term, is_negated, language): what of an item of evidence tells something: « fini chez
-- l’ » is about « fini », a denied « bon » about « pas bon », and « pas » about nothing: NULL. One word
-- stays as it is written: « presqu’île ».
-- Grain: scalar. Read by: drivers_between, alerting/alert_shares.
CREATE OR REPLACE MACRO telling_part(term, is_negated, language) AS (
    SELECT CASE WHEN NOT any_value(denied) THEN '' WHEN any_value(spoken) = 'en' THEN 'not ' ELSE 'pas ' END || CASE
        WHEN regexp_matches(any_value(whole), '\s') THEN string_agg(piece, ' ' ORDER BY place)
        ELSE regexp_extract(any_value(whole), '[\p{L}\p{N}].*[\p{L}\p{N}]')
    END
    FROM (
        SELECT *, unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS place
        FROM (
            SELECT
                lower(term) AS whole,
                is_negated AS denied,
                language AS spoken,
                string_split_regex(whole, '[^\p{L}\p{N}]+') AS pieces
        )
    )
    WHERE regexp_matches(piece, '\p{L}{3,}') AND folded_word(piece) NOT IN (SELECT word FROM little_words)
);
COMMENT ON MACRO telling_part IS 'fr: Ce qui, dans un indice, dit quelque chose : sans mots-outils, négations ni noms de marques ; NULL s’il n’en reste rien. | en: What of an item of evidence tells something: without function words, negations and names of brands; NULL if nothing is left.';
