"""The people a visitor can be with one click; the same in the demo and in the tests."""

from dataclasses import dataclass

from anxin.demo.names import person_in_english


@dataclass(frozen=True, slots=True)
class Persona:
    """One invented person. ``login`` is a staff login, or a resident's phone number."""

    code: str
    login: str
    name: str
    place: str
    line: str
    icon: str
    kind: str

    @property
    def name_en(self) -> str:
        """``Zhao Ning``."""
        return person_in_english(self.name)


# No operator holds the prefix 154, so no message and no call can ever reach somebody.
RESIDENT_PHONE = "15400000001"
# Known to everybody who can read this; it opens invented doors only, and a second factor follows it.
PASSWORD = "yuncheng-demo-2026"

PERSONAS = (
    Persona("li-qing", RESIDENT_PHONE, "李晴", "居民", "做一次自测，看结果和“谁看过我”", "user", "resident"),
    Persona(
        "zhao-ning",
        "zhaoning",
        "赵宁",
        "柳岸驿站 · 心理咨询师",
        "接手预警，联系，评估",
        "user-heart",
        "staff",
    ),
    Persona(
        "sun-lan",
        "sunlan",
        "孙岚",
        "清禾区中心 · 值班医生",
        "接住升上来的预警，第二签字",
        "building",
        "staff",
    ),
    Persona("he-jia", "hejia", "何嘉", "市心理热线 · 督导", "夜里也有人接", "headset", "staff"),
    Persona(
        "shao-ming",
        "shaoming",
        "邵明",
        "市中心 · 值班医生",
        "最后一级，一直呼叫到有人接手",
        "stethoscope",
        "staff",
    ),
    Persona(
        "wen-jing",
        "wenjing",
        "温静",
        "市中心 · 临床人员",
        "复核同事写的量表，第二签字",
        "clipboard-check",
        "staff",
    ),
    Persona("chen-mo", "chenmo", "陈默", "望桥驿站 · 心理咨询师", "看不到别站的任何一条", "school", "staff"),
    Persona("zhou-xing", "zhouxing", "周行", "市专班办公室", "只看数字，没有姓名", "chart", "staff"),
    Persona("fang-zheng", "fangzheng", "方正", "审计", "看谁做过什么、看过什么", "clock-shield", "staff"),
    Persona("deng-yan", "dengyan", "邓岩", "安全与隐私负责人", "复核应急查阅，看操作记录", "lock", "staff"),
)
BY_CODE = {persona.code: persona for persona in PERSONAS}


def sign_in_links(base_url: str) -> list[tuple[str, str]]:
    """For each persona who they are, and the address that signs one in as them."""
    from anxin.sites.signin.personas import sign_in_path

    return [
        (f"{one.name} {one.name_en} · {one.place}", base_url.rstrip("/") + sign_in_path(one.code))
        for one in PERSONAS
    ]
