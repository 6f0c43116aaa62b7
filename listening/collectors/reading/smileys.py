"""Smileys that forums show as pictures, as the emoji that say the same.

A code such as ``:shock:`` or ``:D`` is no word of its author, and its letters are none of a brand;
the emoji is what readers saw. Codes: the sets that phpBB, SMF, MyBB, vBulletin, XenForo, FluxBB
install.
"""

from collections.abc import Mapping
from types import MappingProxyType

_CODES = {
    "😀": ":D :-D :grin: :biggrin:",
    "🙂": ":) :-) :smile:",
    "😉": ";) ;-) :wink:",
    "🙁": ":( :-( :sad: :frown:",
    "😮": ":o :-o :O :eek: :surprised:",
    "😲": ":shock: 8-O 8O",
    "😕": ":? :-? :???: :confused: :-/ :/ :-\\",
    "😎": "8) 8-) :cool: B)",
    "😆": ":lol: :laugh: :laughing: XD xD :haha:",
    "😠": ":x :-x :mad: :angry: >:( :@",
    "😛": ":P :-P :p :-p :razz: :tongue:",
    "😳": ":oops: :redface: :blush: :embarrassed: :-[ :$",
    "😢": ":cry: :'( :crying:",
    "👿": ":evil: >:D :devil: :devilish:",
    "😈": ":twisted: :twistedevil: :diable:",
    "🙄": ":roll: :rolleyes: ::)",
    "❗": ":!: :exclamation:",
    "❓": ":?: :question:",
    "💡": ":idea: :lightbulb:",
    "➡️": ":arrow:",
    "😐": ":| :-| :neutral: :mellow:",
    "🤓": ":geek: :ugeek: :nerd:",
    "😘": ":-* :* :kiss:",
    "🤫": ":-X :X :lipsrsealed: :zip:",
    "😴": ":sleepy: :sleep: ZZz",
    "😇": ":angel: O:-) O:)",
    "❤️": ":heart: <3 :love:",
    "👍": ":thumbsup: :thumbup: :up: (y) :+1: :bien:",
    "👎": ":thumbsdown: :thumbdown: :down: (n) :-1:",
    "👏": ":clap: :bravo: :applause:",
    "😍": ":inlove: :in_love:",
    "🤔": ":think: :thinking: :huh: ???",
    "😭": ":sob: :bawling:",
    "🎉": ":party: :tada:",
    "🙏": ":pray: :prayer:",
    "🤢": ":sick: :puke:",
}  # fmt: skip
_BY_CODE: Mapping[str, str] = MappingProxyType(
    {code: emoji for emoji, codes in _CODES.items() for code in codes.split()}
)


def emoji_of(code: str) -> str | None:
    """Return the emoji for a smiley's code, or None when it is no known one.

    >>> emoji_of(":shock:"), emoji_of("Menu du jour")
    ('😲', None)
    """
    return _BY_CODE.get(code.strip())
