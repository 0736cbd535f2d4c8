"""Names and other objects, among them all that could be taken for something else."""

from hypothesis import strategies as st

from admin_commands.grammar import lexicon, words
from admin_commands.grammar.words import Id, Name, Object, This

WORDS = [word for noun in lexicon.NOUNS for word in noun.words] + [
    word for verb in lexicon.VERBS for word in verb.words
]
LETTERS = st.sampled_from(
    list("あいうかがきくのはをにへとでカタナVIPvip0129一二春客様店前後ーｶﾞＶ１①㈱/・+-.!?「」『』\"'、,→;:=#@ 　()😊ñ")
)
PLAIN = st.text(LETTERS, min_size=1, max_size=8)
NAMES = st.one_of(
    PLAIN,
    st.sampled_from(WORDS),
    st.sampled_from(["これ", "使い方", "#S3", "3通目から", "全部", "すぐ", "を", "A でない", "停止"]),
)


def sayable(text: str) -> bool:
    """Whether some pair of quotes can hold the text, and there is something to see in it."""
    return bool(text.strip()) and any(closer not in text for closer in words.OPENERS.values())


THINGS = NAMES.filter(sayable).map(Name)
OBJECTS: st.SearchStrategy[Object] = st.one_of(
    THINGS,
    st.builds(Id, st.sampled_from("STMF"), st.integers(1, 10**9)),
    st.just(This()),
)
TAGS = st.one_of(THINGS, st.builds(Id, st.just("T"), st.integers(1, 999)))
QUOTABLE = st.text(LETTERS, min_size=1, max_size=10).filter(sayable)
