"""Personas of the small city, and one who does not exist yet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    code: str
    login: str
    name: str
    place: str = "somewhere"
    line: str = "does something"
    icon: str = "user"


PERSONAS = (
    Person("li-qing", "13800000001", "李晴"),
    Person("zhao-ning", "zhao-ning", "赵宁"),
    Person("zhou-xing", "zhou-xing", "周行"),
    Person("nobody", "nobody", "无人"),
)
