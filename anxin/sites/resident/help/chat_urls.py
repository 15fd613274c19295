"""Addresses of the conversation in writing."""

from django.urls import path

from anxin.sites.resident.help import chat

app_name = "resident_chat"
urlpatterns = [
    path("", chat.chat, name="chat"),
    path("lines/", chat.lines, name="lines"),
    path("code/", chat.come_back, name="code"),
    path("leave/", chat.leave, name="leave"),
]
