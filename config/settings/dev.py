"""The demo city on one machine: invented people, one-click sign-in, a null SMS gateway that says so on the screen."""

from config.settings.base import *  # noqa: F403

ANXIN_DEMO = True
ANXIN_DEMO_PERSONAS = "anxin.demo.personas.PERSONAS"
# So that every rung of the ladder can be seen; each says where it is shown that nothing was sent.
ANXIN_WECHAT_GATEWAY = "anxin.gateways.wechat.null.NullWechat"
ANXIN_VOICE_GATEWAY = "anxin.gateways.voice.null.NullVoice"
ANXIN_EMAIL_GATEWAY = "anxin.gateways.email.null.NullEmail"
