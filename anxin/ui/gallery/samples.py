"""Invented content of the style guide. Sample text stays in the language of the drawings."""

from datetime import datetime, timedelta
from typing import Any

MODULES = [
    {"icon": "book", "name": "科普宣教", "promise": "看得懂的心理知识"},
    {"icon": "messages", "name": "心理咨询", "promise": "预约或在线聊一聊"},
    {"icon": "clipboard-heart", "name": "心理测评", "promise": "几分钟，看看近况"},
    {"icon": "headphones", "name": "心理放松", "promise": "呼吸、声音、小练习"},
    {"icon": "phone-call", "name": "心理热线", "promise": "12356，全天有人"},
    {"icon": "lifebuoy", "name": "危机干预", "promise": "很难撑下去时看这里", "deep": True},
]

SWATCHES = [
    ("ink", "#1c2b29"), ("ink-2", "#4c5c59"), ("ink-3", "#5f6f6b"), ("field", "#6f7f7b"),
    ("line", "#dbe3df"), ("line-2", "#c3cfca"), ("paper", "#f5f7f4"), ("mist", "#e7f0ec"),
    ("mist-2", "#d3e4dd"), ("brand", "#0f5f58"), ("brand-2", "#0a4a45"), ("deep", "#083b38"),
    ("rice", "#fbf4ea"), ("rice-2", "#f3e6d3"), ("lamp", "#f6c67f"), ("error", "#b3261e"),
]  # fmt: skip

RUNGS = [
    {"label": "柳岸驿站 5 分钟未接", "state": "missed"},
    {"label": "清禾区中心正在响铃", "state": "now"},
    {"label": "14:17 市中心与热线督导", "state": "next"},
]

FIGURES = [
    {"label": "本月预警", "value": "1,041", "unit": "条", "note": "比上月少 3.1%", "url": "#warnings"},
    {"label": "按时响应", "value": "98.6", "unit": "%", "note": "15 条超时，都已升级接住", "url": "#late"},
    {"label": "现在无人负责", "value": "0", "unit": "条", "note": "每条预警都有负责人", "url": "#unowned"},
    {"label": "L3、L4 二次签字", "value": "100", "unit": "%", "note": "61 条，抽查 6 条", "url": "#signed"},
    {"label": "驿站今天开放", "value": "2,141", "unit": "／2,203", "note": "62 家未签到", "url": "#stations"},
]

SHARES = [
    {"name": "石桥县", "value": 6.5}, {"name": "南泽县", "value": 3.1}, {"name": "澄东区", "value": 1.5},
    {"name": "望山县", "value": 1.4}, {"name": "临溪县", "value": 0.6}, {"name": "清禾区", "value": 0.5},
]  # fmt: skip

WEEKS = [
    {"name": "11/2", "L4": 6, "L3": 20, "L2": 92, "L1": 180, "total": 298},
    {"name": "11/9", "L4": 5, "L3": 18, "L2": 88, "L1": 175, "total": 286},
    {"name": "11/16", "L4": 4, "L3": 19, "L2": 90, "L1": 169, "total": 282},
]

PERSONAS = [
    {"icon": "user", "name": "李晴", "role": "居民", "can": "做一次自测，看结果和“谁看过我”"},
    {"icon": "user-heart", "name": "赵宁", "role": "柳岸驿站·心理辅导员", "can": "接手预警，联系，评估"},
    {"icon": "building", "name": "孙岚", "role": "清禾区中心·督导", "can": "签字复核，接住升上来的预警"},
    {"icon": "headset", "name": "何嘉", "role": "热线·督导", "can": "接听、记录、发起预警"},
    {"icon": "user-heart", "name": "陈默", "role": "望桥驿站·心理辅导员", "can": "看不到别站个案"},
    {"icon": "chart", "name": "周行", "role": "市专班·监督", "can": "看数字，打开到事件，没有姓名"},
]


def board_rows(moment: datetime) -> list[dict[str, Any]]:
    """Rows of the duty board, one for each state of the clock."""
    return [
        {
            "level": "L3", "number": "W-2597", "person": "男·43 岁", "why": "热线通话评定为高风险，约定回访",
            "stage": "已联系", "owner": "陈默", "rung": 2, "rung_label": "区中心", "action": "查看",
            "due": moment - timedelta(minutes=4, seconds=10), "start": moment - timedelta(hours=1),
        },
        {
            "level": "L3", "number": "W-2618", "person": "女·26 岁", "why": "自测中有一题触发安全提醒",
            "stage": "新到", "new": True, "owner": "赵宁", "waiting": True, "rung": 1, "rung_label": "本站",
            "action": "接手", "primary": True,
            "due": moment + timedelta(minutes=6, seconds=46), "start": moment - timedelta(minutes=23),
        },
        {
            "level": "L2", "number": "W-2609", "person": "女·68 岁", "why": "入户走访时提到长期睡不好",
            "stage": "已接手", "owner": "赵宁", "rung": 1, "rung_label": "本站", "action": "记联系",
            "due": moment + timedelta(hours=2, minutes=31), "start": moment - timedelta(hours=1),
        },
        {
            "level": "L2", "number": "W-2588", "person": "女·17 岁", "why": "三次联系未通，已请班主任面见",
            "stage": "未能联系", "owner": "赵宁", "rung": 3, "rung_label": "市中心", "action": "再联系",
            "due": moment + timedelta(days=3, hours=4), "start": moment - timedelta(days=4),
        },
        {
            "level": "L1", "number": "W-2571", "person": "女·22 岁", "why": "新生普查，建议参加小组活动",
            "stage": "已评估", "owner": "周小满", "rung": 1, "rung_label": "本站", "action": "查看",
            "due": moment + timedelta(hours=1), "start": moment - timedelta(hours=1), "met": True,
        },
    ]  # fmt: skip


def staff_shell() -> dict[str, Any]:
    menu = [
        ("值班", "预警看板", "bell-ringing", 14, True), ("值班", "热线坐席", "phone-call", 0, False),
        ("值班", "在线会话", "message", 2, False), ("个案", "我的个案", "folder", 6, False),
        ("个案", "转介", "route", 1, False), ("个案", "预约与日程", "calendar", 0, False),
        ("驿站", "测评活动", "clipboard-heart", 0, False), ("驿站", "服务对象", "users", 0, False),
        ("驿站", "人员与班表", "id-badge", 0, False), ("驿站", "操作记录", "history", 0, False),
    ]  # fmt: skip
    tabs = [
        ("预警", "bell-ringing", True),
        ("个案", "folder", False),
        ("日程", "calendar", False),
        ("我的", "user", False),
    ]
    return {
        "menu": [
            {
                "section": section,
                "label": label,
                "url": f"#{icon}",
                "icon": icon,
                "count": count,
                "current": here,
            }
            for section, label, icon, count, here in menu
        ],
        "tabs": [
            {"label": label, "icon": icon, "url": f"#tab-{icon}", "current": here}
            for label, icon, here in tabs
        ],
        "unit_name": "柳岸社区心灵驿站",
        "user_name": "赵宁",
        "user_role": "心理辅导员，值班负责人",
        "duty_label": "值班至 20:00",
        "bell_url": "#bell",
        "bell_count": 3,
        "user_menu": [{"label": "退出", "url": "#out", "icon": "logout"}],
    }


def oversight_shell() -> dict[str, Any]:
    menu = [
        ("监督", "总览", "dashboard", 0, True), ("监督", "预警与响应", "activity", 0, False),
        ("监督", "驿站网络", "building", 0, False), ("监督", "测评与覆盖", "clipboard-check", 0, False),
        ("工作", "任务清单", "checklist", 0, False), ("工作", "红黄蓝牌", "cards", 3, False),
        ("工作", "突发事件", "flag", 0, False), ("依据", "指标口径", "math", 0, False),
    ]  # fmt: skip
    return {
        **staff_shell(),
        "menu": [
            {
                "section": section,
                "label": label,
                "url": f"#{icon}",
                "icon": icon,
                "count": count,
                "current": here,
            }
            for section, label, icon, count, here in menu
        ],
        "tabs": [],
        "unit_name": "云澄市社会心理服务专班",
        "user_name": "周行",
        "user_role": "",
        "duty_label": "监督",
    }
