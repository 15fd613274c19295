"""Which installed font can set Chinese on a PDF. None is shipped: a complete one is larger than the whole code."""

from functools import lru_cache
from typing import Any

from anxin.platform import paths

# Common ones first: free fonts of Linux distributions, then what Windows, macOS and domestic systems bring along.
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Hiragino Sans GB",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "AR PL UMing CN",
    "SimHei",
    "SimSun",
    "FandolHei",
)
ADVICE = (
    "install a free one (Debian: fonts-noto-cjk), or put a font file into the folder fonts beside the secrets"
)


@lru_cache(maxsize=1)
def installed() -> Any:
    """The fonts of the machine and of ``<state>/fonts``, as the typesetter reads them. Scanned once a process."""
    import typst

    own = paths.state_dir() / "fonts"
    return typst.Fonts(font_paths=[str(own)] if own.is_dir() else [])


@lru_cache(maxsize=1)
def han_family() -> str:
    """The family that sets Chinese; empty when there is none, and then no PDF is offered."""
    known = set(installed().families())
    return next((family for family in FAMILIES if family in known), "")
