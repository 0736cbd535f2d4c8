"""The trades a shop can begin with, and each one's pack of blocks (`packs/*.txt`)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from admin_commands.grammar import normalise, read
from admin_commands.grammar.definitions import Definition
from admin_commands.grammar.readings import Paste

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class Trade:
    """`key` names its pack's file; `words[0]` is what it is called, the others are understood too."""

    key: str
    words: tuple[str, ...]

    @property
    def word(self) -> str:
        return self.words[0]


TRADES = (
    Trade("salon", ("美容室", "美容院", "ヘアサロン", "サロン", "理容室", "床屋", "ネイル", "エステ", "salon")),
    Trade("bodywork", ("整体", "整体院", "整骨院", "接骨院", "治療院", "鍼灸院", "マッサージ", "bodywork")),
    Trade("restaurant", ("飲食", "飲食店", "レストラン", "カフェ", "居酒屋", "食堂", "restaurant")),
    Trade("school", ("教室", "スクール", "習い事", "塾", "レッスン", "school")),
    Trade("shop", ("EC", "通販", "ネットショップ", "オンラインショップ", "物販", "shop")),
    Trade("office", ("士業", "税理士", "行政書士", "社労士", "司法書士", "弁護士", "事務所", "office")),
)


def called(word: str) -> Trade | None:
    """The trade of this name, however it is written."""
    wanted = normalise.fold(normalise.lookup(word).text)
    return next((one for one in TRADES if wanted in map(normalise.fold, one.words)), None)


def by_key(key: str) -> Trade | None:
    return next((one for one in TRADES if one.key == key), None)


@cache
def pack(trade: Trade) -> tuple[Definition, ...]:
    """What a shop of this trade begins with."""
    reading = read((PACKS / f"{trade.key}.txt").read_text(encoding="utf-8"))
    if not isinstance(reading, Paste) or reading.faults:
        raise ValueError(f"the pack of {trade.key} cannot be read")
    return reading.definitions
