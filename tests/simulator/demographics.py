"""What LINE believes to know of people: classes of age, area, app and length of friendship, and filters by them."""

from typing import Any

from tests.simulator import japan
from tests.simulator.people import FRIEND, Person

AGES = (15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70)
PERIODS = (7, 30, 90, 180, 365)
NORTH_TO_SOUTH = """
北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山
石川 福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山 鳥取 島根
岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄
"""
PREFECTURES = NORTH_TO_SOUTH.split()
AREAS = [
    f"{country}_{number:02}"
    for country, areas in (("jp", 47), ("tw", 22), ("th", 8), ("id", 12))
    for number in range(1, areas + 1)
]


def is_known(person: Person) -> bool:
    """Whether they are within the reach of messages by attributes: a friend with a gender, an age and an area."""
    return person.state == FRIEND and None not in (person.gender, person.age, person.area)


def age_class(person: Person) -> str:
    if person.age is None:
        return "unknown"
    if person.age < AGES[0]:
        return "from0to14"
    if person.age >= AGES[-1]:
        return "from70"
    low = max(age for age in AGES if age <= person.age)
    return f"from{low}to{low + 4}"


def area_name(person: Person) -> str:
    if person.area is None or not person.area.startswith("jp_"):
        return "unknown"
    return PREFECTURES[int(person.area[3:]) - 1]


def app_class(person: Person) -> str:
    return person.app or "others"


def period_class(person: Person, now_ms: int) -> str:
    if person.friend_ms is None:
        return "unknown"
    days = days_of_friendship(person, now_ms)
    return next((f"within{limit}days" for limit in PERIODS if days < limit), "over365days")


def days_of_friendship(person: Person, now_ms: int) -> float:
    return 0.0 if person.friend_ms is None else (now_ms - person.friend_ms) / japan.DAY_MS


def fits(person: Person, rule: dict[str, Any], now_ms: int) -> bool:
    """A demographic filter of narrowcast; what is not known never fits."""
    kind = rule["type"]
    if kind == "operator":
        if "and" in rule:
            return all(fits(person, one, now_ms) for one in rule["and"])
        if "or" in rule:
            return any(fits(person, one, now_ms) for one in rule["or"])
        return not fits(person, rule["not"], now_ms)
    if kind == "age":
        return person.age is not None and between(person.age, rule)
    if kind == "subscriptionPeriod":
        return person.friend_ms is not None and between(days_of_friendship(person, now_ms), rule)
    value = {"gender": person.gender, "area": person.area, "appType": person.app}[kind]
    return value in rule["oneOf"]


def between(value: float, rule: dict[str, Any]) -> bool:
    """gte and lt are like age_20 and day_30."""
    low, high = rule.get("gte"), rule.get("lt")
    above = low is None or value >= int(low.split("_")[1])
    return above and (high is None or value < int(high.split("_")[1]))
