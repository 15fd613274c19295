"""What is left of a name, a phone number or an identity number on a screen until somebody asks to see it.

One place, so that two pages never leave different parts of the same number. Pure: no clock, no database.
"""

_COMPOUND_SURNAMES = frozenset(
    surname
    for line in (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫",
        "宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 轩辕",
    )
    for surname in line.split()
)
_HEAD, _TAIL = 6, 4
_ADDRESS_HEAD = 6


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


def mask_id_number(number: str) -> str:
    """110101********0018: the first six and the last four, so the birthday is hidden; a short one wholly."""
    number = number.strip()
    if len(number) <= _HEAD + _TAIL:
        return "*" * len(number)
    return f"{number[:_HEAD]}{'*' * (len(number) - _HEAD - _TAIL)}{number[-_TAIL:]}"


def mask_address(address: str) -> str:
    """The district stays, the street and the door do not."""
    address = address.strip()
    if len(address) <= _ADDRESS_HEAD:
        return "*" * len(address)
    return f"{address[:_ADDRESS_HEAD]}****"
