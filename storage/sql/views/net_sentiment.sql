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
