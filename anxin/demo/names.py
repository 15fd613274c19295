"""Invented names: people, places, firms, and how they are written in pinyin and English."""

from collections.abc import Callable
from functools import lru_cache
from random import Random

from pypinyin import lazy_pinyin

from anxin.demo.forbidden import holds_real_place, is_real_person

# The commonest family names with a rough weight: real cities have many Wangs and few Xiongs.
_SURNAMES = {
    "王": 72, "李": 72, "张": 68, "刘": 54, "陈": 45, "杨": 31, "赵": 23, "黄": 22, "周": 21, "吴": 20,
    "徐": 17, "孙": 16, "胡": 13, "朱": 13, "高": 12, "林": 12, "何": 12, "郭": 12, "马": 11, "罗": 9,
    "梁": 9, "宋": 8, "郑": 8, "谢": 7, "韩": 7, "唐": 7, "冯": 6, "于": 6, "董": 6, "萧": 6,
    "程": 5, "曹": 5, "袁": 5, "邓": 5, "许": 5, "傅": 5, "沈": 5, "曾": 5, "彭": 5, "吕": 5,
    "苏": 4, "卢": 4, "蒋": 4, "蔡": 4, "贾": 4, "丁": 4, "魏": 4, "薛": 4, "叶": 4, "阎": 4,
    "余": 3, "潘": 3, "杜": 3, "戴": 3, "夏": 3, "钟": 3, "汪": 3, "田": 3, "任": 3, "姜": 3,
    "范": 3, "方": 3, "石": 3, "姚": 3, "谭": 3, "廖": 3, "邹": 2, "熊": 2, "金": 2, "陆": 2,
    "郝": 2, "孔": 2, "白": 2, "崔": 2, "康": 2, "毛": 2, "邱": 2, "秦": 2, "江": 2, "史": 2,
    "顾": 2, "侯": 2, "邵": 2, "孟": 2, "龙": 2, "万": 2, "段": 2, "雷": 2, "钱": 2, "汤": 2,
}  # fmt: skip
_GIVEN_FEMALE = "芳敏静丽艳娟霞秀英玲桂兰红梅洁莉婷雪慧颖琳倩岚晴雯萍燕菊珍琴娜蓉萱瑶欣怡涵佳妍蕾菲珊黛"
_GIVEN_MALE = "伟强磊军勇杰涛明超刚平辉鹏斌波健峰亮龙海飞博浩宇轩坤志建国华松林毅宏斌旭晨翔振东昊钧"
_GIVEN_EITHER = "文宁嘉悦子安清予思远一凡晓春心意若溪可昕景和知言乐然书语尚德永瑞新雨晨光云舒行默"

_HEADS = "柳梅松杏枫荷兰竹桃桂青白清明安永长和福宁玉秋月沙水新古双云鹤鹿雁莲芦苇禾稻麦棠槐榆枣杨溪石"
_TAILS = "溪河塘湾桥岭坪渡泉堂集铺营口台林岗浦洲港原畈坡潭池堤墩亭关井沟滩"


def _words(text: str) -> list[str]:
    return text.split()


_SIDES = ["", "", "", "", "东", "西", "南", "北", "大", "小", "上", "下"]
_VILLAGE_TAILS = _words("家庄 家湾 家堡 家坳 家楼 家店 家桥 家沟 家屯")
_COMMUNITY_STEMS = _words(
    "春晓 明月 翠湖 书香 文华 和平 向阳 团结 幸福 新华 长安 永乐 兴隆 锦绣 金桂 丹桂 紫荆 玉兰 "
    "梧桐 百花 学府 映月 听泉 观澜 朝阳 振兴 光明 康宁 祥和 怡景 丽景 滨河 湖滨 东风 银杏 枫林 "
    "桃源 竹海 荷塘 海棠 望湖 临水 松鹤 青年 友谊 安居 惠民 同心 仁和 景行"
)
_COMMUNITY_TAILS = ["", *_words("苑 里 园 岸 巷 坊 湾 庭 东苑 西苑 南苑 北苑 新苑 花园 家园 新村 一村 二村")]
_FIRM_HEADS = _words(
    "云禾 澄源 清穗 禾丰 望岳 泽润 临川 青岚 松亭 月洲 柏舟 远景 恒禾 新澄 同泽 启禾 佳澄 百川 "
    "朗月 晨桥 宏禾 瑞溪 盛桥 嘉木 金穗 银河 南湖 北岭 东篱 西园 安禾 万泽 立新 众和 方圆 长风 "
    "鼎盛 如意 吉祥 元亨"
)
_FIRM_KINDS = _words("纺织 机械 食品 电子 建材 物流 化工 家具 陶瓷 包装 制药 农机 服饰 新材料 冷链 印务")

# Characters that are read differently in a family name, or by the dictionary's first choice.
_READINGS = {
    "曾": "zeng", "任": "ren", "单": "shan", "解": "xie", "行": "xing", "乐": "le", "石": "shi", "吕": "lv",
}  # fmt: skip


def draw_until(draw: Callable[[], str], refused: Callable[[str], bool]) -> str:
    """The first drawn name that is not refused."""
    for _ in range(10_000):
        name = draw()
        if not refused(name):
            return name
    raise RuntimeError("no acceptable name in 10,000 draws: the stock of names is too small")


class People:
    """Draws names of people. ``sex`` is ``f`` or ``m``."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._surnames = list(_SURNAMES)
        self._weights = [sum(list(_SURNAMES.values())[: index + 1]) for index in range(len(_SURNAMES))]

    def draw(self, sex: str) -> str:
        """A name of a person who does not exist."""
        return draw_until(lambda: self._raw(sex), is_real_person)

    def _raw(self, sex: str) -> str:
        rng = self._rng
        surname = rng.choices(self._surnames, cum_weights=self._weights)[0]
        own = _GIVEN_FEMALE if sex == "f" else _GIVEN_MALE
        if rng.random() < 0.2:
            return surname + rng.choice(own + _GIVEN_EITHER)
        first = rng.choice(_GIVEN_EITHER if rng.random() < 0.6 else own)
        return surname + first + rng.choice(own)


class Places:
    """Draws names of towns, villages and firms, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def reserve(self, *names: str) -> None:
        """Names that are given by hand and must not be drawn."""
        self._taken.update(names)

    def town(self, suffix: str) -> str:
        """``柳溪镇``."""
        return self._fresh(lambda: self._rng.choice(_HEADS) + self._rng.choice(_TAILS) + suffix)

    def village(self) -> str:
        """``李家湾村`` or ``柳溪村``."""
        return self._fresh(self._village)

    def community(self) -> str:
        """``春晓苑社区``."""
        rng = self._rng
        return self._fresh(lambda: rng.choice(_COMMUNITY_STEMS) + rng.choice(_COMMUNITY_TAILS) + "社区")

    def firm(self) -> str:
        """``云禾纺织公司``."""
        rng = self._rng
        return self._fresh(lambda: f"{rng.choice(_FIRM_HEADS)}{rng.choice(_FIRM_KINDS)}公司")

    def _village(self) -> str:
        rng = self._rng
        if rng.random() < 0.5:
            return f"{rng.choice(_SIDES)}{rng.choice(list(_SURNAMES))}{rng.choice(_VILLAGE_TAILS)}村"
        return f"{rng.choice(_SIDES)}{rng.choice(_HEADS)}{rng.choice(_TAILS)}村"

    def _fresh(self, draw: Callable[[], str]) -> str:
        name = draw_until(draw, lambda drawn: drawn in self._taken or holds_real_place(drawn))
        self._taken.add(name)
        return name


@lru_cache(maxsize=32768)
def syllables(text: str) -> tuple[str, ...]:
    """The pinyin of ``text``, one syllable a character, no tones; other writing is kept."""
    fixed = _READINGS.get(text[0]) if text else None
    read = [part.lower() for part in lazy_pinyin(text)]
    if fixed and read:
        read[0] = fixed
    return tuple("".join(ch for ch in part if ch.isascii() and ch.isalnum()) for part in read)


def pinyin(*parts: str) -> str:
    """``liu an she qu``: the sort key of a Chinese name. Each part is read once and remembered."""
    return " ".join(part for text in parts if text for part in syllables(text) if part)


def search_key(spelled: str) -> str:
    """``liu an she qu`` → ``liuanshequ lasq``: full pinyin and initials, the form in which lists are searched."""
    initials = "".join(part[0] for part in spelled.split())
    return f"{spelled.replace(' ', '')[:150]} {initials[:48]}"


def person_in_english(name: str) -> str:
    """``Zhao Ning``: family name first, as at home."""
    read = [_READINGS.get(ch, syllables(ch)[0]) for ch in name]
    return f"{read[0].capitalize()} {''.join(read[1:]).capitalize()}"


def place_in_english(name: str) -> str:
    """``Liuan``: pinyin in one word."""
    return "".join(syllables(name)).capitalize()
