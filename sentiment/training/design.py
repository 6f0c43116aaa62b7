"""From encodings to matrices, and from a solution back to weights that need no scaling."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack, vstack

from sentiment.scoring.encoding import CHAR_BITS, WORD_BITS, Encoded, Encoder
from sentiment.scoring.kinds import KINDS
from sentiment.scoring.lexemes import Bools, Floats, Ints
from sentiment.scoring.target import CONTEXT_BITS, TargetEncoding
from sentiment.scoring.weights import Weights, closed
from sentiment.training.solver import fit_softmax

#: Rare n-grams are scaled up by their inverse frequency; this keeps the result near 1.
_RARITY_UNIT = 6.0
#: Cues vary less than this in no set; avoids dividing by nothing.
_LEAST_SPREAD = 1e-2


@dataclass(frozen=True, slots=True)
class Design:
    """Features of some rows: hashed blocks and dense columns."""

    blocks: Mapping[str, csr_array]
    dense: Floats

    def rows(self, keep: Bools | Ints) -> "Design":
        """Return some of the rows."""
        return Design({n: csr_array(b[keep]) for n, b in self.blocks.items()}, self.dense[keep])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a head is trained; found on the development sets."""

    penalty: float
    steps: int
    dense_scale: float  # how strongly dense features count beside the n-grams
    classes: int = 3


def _block(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> csr_array:
    return csr_array((values.astype(np.float32), (rows, columns)), shape=shape)


def text_design(encoder: Encoder, encoded: Encoded) -> Design:
    """Return the features of a :class:`~sentiment.scoring.head.Head`."""
    count, of = len(encoded.tokens), encoded.tokens.text_of
    rows = of[encoded.ends]
    words = _block(encoded.word_factor[rows], rows, encoded.buckets, (count, 1 << WORD_BITS))
    lists = encoder.chars()
    chosen = [lists[lexeme] for lexeme in encoded.tokens.lexemes.tolist()]
    rows = np.repeat(of, [len(one) for one in chosen])
    chars = _block(encoded.char_factor[rows], rows, np.concatenate(chosen), (count, 1 << CHAR_BITS))
    return Design({"words": words, "chars": chars}, encoded.cues.values)


def target_design(encoding: TargetEncoding, kinds: Ints | None = None) -> Design:
    """Return the features of the target model, the kinds of the brands among them if given."""
    encoded = encoding.encoded
    count, of = len(encoded.tokens), encoded.tokens.text_of
    rows = of[encoded.ends]
    words = _block(encoded.word_factor[rows], rows, encoded.buckets, (count, 1 << WORD_BITS))
    rows = of[encoding.ends]
    context = _block(encoding.factor[rows], rows, encoding.buckets, (count, 1 << CONTEXT_BITS))
    blocks = {"words": words, "context": context}
    if kinds is not None:
        known = np.flatnonzero(kinds)
        ones = np.ones(len(known), np.float32)
        blocks["kinds"] = _block(ones, known, kinds[known], (count, len(KINDS)))
    return Design(blocks, encoding.dense)


def stack_designs(designs: list[Design]) -> Design:
    """Lay designs one under the other."""
    names = designs[0].blocks
    blocks = {n: csr_array(vstack([one.blocks[n] for one in designs])) for n in names}
    return Design(blocks, np.concatenate([one.dense for one in designs]))


def train_weights(design: Design, labels: Ints, weights: Floats, recipe: Recipe) -> Weights:
    """Train on the rows that weigh something."""
    keep = weights > 0
    design, labels, weights = design.rows(keep), labels[keep], weights[keep]
    rarity = {name: _rarity(block) for name, block in design.blocks.items()}
    mean = design.dense.mean(axis=0)
    unit = recipe.dense_scale / (design.dense.std(axis=0) + _LEAST_SPREAD)
    parts = [block @ diags_array(rarity[name]) for name, block in design.blocks.items()]
    matrix = csr_array(hstack([*parts, csr_array((design.dense - mean) * unit)]))
    solution, bias = fit_softmax(
        matrix,
        labels,
        weights,
        penalty=recipe.penalty,
        steps=recipe.steps,
        classes=recipe.classes,
    )
    solution, bias = solution[:, :-1], bias[:-1]
    blocks, first = {}, 0
    for name, block in design.blocks.items():
        last = first + block.shape[1]
        blocks[name] = solution[first:last] * rarity[name][:, None]
        first = last
    dense = solution[first:] * unit[:, None]
    return Weights(blocks, dense, (bias - mean @ dense).astype(np.float32))


def _rarity(block: csr_array) -> Floats:
    seen = np.bincount(block.indices, minlength=block.shape[1])
    rarity = (np.log((1 + block.shape[0]) / (1 + seen)) + 1) / _RARITY_UNIT
    return rarity.astype(np.float32)


def design_logits(weights: Weights, design: Design) -> Floats:
    """Return the logits of the rows, as the run-time classes would."""
    scores = design.dense @ weights.dense + weights.bias
    for name, block in design.blocks.items():
        scores = scores + block @ weights.blocks[name]
    return closed(scores.astype(np.float32))
