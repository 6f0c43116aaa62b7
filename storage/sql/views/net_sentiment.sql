-- net_sentiment, net_sentiment_margin, brand_health: the formulas of product.md, in one place.
-- Grain: scalar. Read by: every view and macro that shows a sentiment; analysts.
-- Only judged mentions count (positive, neutral, negative); mixed ones are counted as neutral by
-- the caller, unknown ones (a language we do not judge) are in no denominator.
CREATE OR REPLACE MACRO net_sentiment(positive, neutral, negative) AS
    100.0 * (positive - negative) / nullif(positive + neutral + negative, 0);
COMMENT ON MACRO net_sentiment IS 'fr: 100 × (P − N) ÷ (P + U + N) ; vide sans mention jugée. | en: 100 × (P − N) ÷ (P + U + N); NULL without a judged mention.';

-- Half width of the 95 % interval of the net sentiment, in the same points.
CREATE OR REPLACE MACRO net_sentiment_margin(positive, neutral, negative) AS
    100.0 * 1.96 * sqrt(
        greatest(
            (positive + negative) / nullif(positive + neutral + negative, 0)
            - ((positive - negative) / nullif(positive + neutral + negative, 0)) ** 2,
            0
        ) / nullif(positive + neutral + negative, 0)
    );
COMMENT ON MACRO net_sentiment_margin IS 'fr: Marge d’erreur à 95 % du sentiment net : 100 × 1,96·√((p+n−(p−n)²)/N). | en: 95 % margin of the net sentiment: 100 × 1.96·√((p+n−(p−n)²)/N).';

CREATE OR REPLACE MACRO brand_health(positive, negative) AS
    positive / nullif(positive + negative, 0);
COMMENT ON MACRO brand_health IS 'fr: P ÷ (P + N), de 0 à 1 ; fragile si P + N < 20. | en: P ÷ (P + N), 0 to 1; weak when P + N < 20.';

-- Half width of the 95 % interval of a share part ÷ whole, 0 to 1.
CREATE OR REPLACE MACRO share_margin(part, whole) AS
    1.96 * sqrt((part / nullif(whole, 0)) * (1 - part / nullif(whole, 0)) / nullif(whole, 0));
COMMENT ON MACRO share_margin IS 'fr: Marge d’erreur à 95 % d’une part, de 0 à 1. | en: 95 % margin of a share, 0 to 1.';

-- Wilson's score interval of part ÷ whole (E. B. Wilson, JASA 22, 1927), z = 1.96: right for small
-- samples and for shares near 0 and 1, where the margin above says ± 0.
CREATE OR REPLACE MACRO wilson_low(part, whole) AS
    CASE WHEN part = 0 AND whole > 0 THEN 0.0 ELSE (
        part / nullif(whole, 0) + 1.96 ** 2 / (2 * nullif(whole, 0))
        - 1.96 * sqrt(
            (part / nullif(whole, 0)) * (1 - part / nullif(whole, 0)) / nullif(whole, 0)
            + 1.96 ** 2 / (4 * nullif(whole, 0) ** 2)
        )
    ) / (1 + 1.96 ** 2 / nullif(whole, 0)) END;
COMMENT ON MACRO wilson_low IS 'fr: Borne basse à 95 % d’une part (intervalle de Wilson), de 0 à 1. | en: Lower 95 % bound of a share (Wilson interval), 0 to 1.';

CREATE OR REPLACE MACRO wilson_high(part, whole) AS
    CASE WHEN part = whole AND whole > 0 THEN 1.0 ELSE (
        part / nullif(whole, 0) + 1.96 ** 2 / (2 * nullif(whole, 0))
        + 1.96 * sqrt(
            (part / nullif(whole, 0)) * (1 - part / nullif(whole, 0)) / nullif(whole, 0)
            + 1.96 ** 2 / (4 * nullif(whole, 0) ** 2)
        )
    ) / (1 + 1.96 ** 2 / nullif(whole, 0)) END;
COMMENT ON MACRO wilson_high IS 'fr: Borne haute à 95 % d’une part (intervalle de Wilson), de 0 à 1. | en: Upper 95 % bound of a share (Wilson interval), 0 to 1.';
