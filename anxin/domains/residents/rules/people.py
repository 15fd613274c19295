"""Age and masks: how a person is counted and shown."""

from datetime import date

GUARDIAN_UNTIL = 14
_COMPOUND_SURNAMES = frozenset(
    surname
    for line in (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫",
        "宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 轩辕",
    )
    for surname in line.split()
)


def age_on(born_on: date, day: date) -> int:
    """Full years of life on ``day``; somebody born on 29 February ages on 1 March of a common year."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def needs_guardian(born_on: date | None, day: date) -> bool:
    """Whether a guardian has to agree. An unknown date of birth does not make an adult a child."""
    return born_on is not None and age_on(born_on, day) < GUARDIAN_UNTIL


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳小明 → 欧阳**, Anna Lee → A***."""
    name = name.strip()
    if not name:
        return ""
    if name[0].isascii():
        return name[0] + "***"
    kept = 2 if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:kept] + "*" * max(1, len(name) - kept)


def mask_phone(phone: str) -> str:
    """138****0000; of a fixed line the last four digits remain."""
    if len(phone) == 11 and phone.startswith("1"):
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(0, len(phone) - 4) + phone[-4:] if len(phone) > 4 else "****" if phone else ""
