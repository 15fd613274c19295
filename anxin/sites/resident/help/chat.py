"""Being answered in writing: the conversation somebody unknown opened, on this device or by its code."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anxin.domains.conversations import api as conversations
from anxin.domains.conversations.contracts import ThreadNotFound
from anxin.flows import write_in_chat
from anxin.kernel.errors import AnxinError
from anxin.kernel.ids import new_uid
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.resident import device
from anxin.sites.resident.help.forms import CodeForm, MessageForm
from anxin.sites.resident.pages import page, private, see_other

WHY = "The code is the key; nobody who wants to stay unknown has an account."


@public(reason=WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: VisitRequest) -> HttpResponse:
    """The conversation with its form; without one, the place to type a code."""
    code = device.chat_code_on(request)
    form = MessageForm(request.POST or None, initial={"client_uid": new_uid()})
    if code and request.method == "POST" and form.is_valid():
        try:
            write_in_chat.write_with_code(code=code, **form.cleaned_data)
            return see_other("resident_chat:chat")
        except ThreadNotFound:
            code = ""
        except AnxinError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, said(refused))
    return private(_talk(request, code, form) or _door(request, CodeForm()))


def _talk(request: VisitRequest, code: str, form: MessageForm) -> HttpResponse | None:
    try:
        talk = write_in_chat.read_with_code(code=code)
    except ThreadNotFound:
        return None
    view = {
        "form": form,
        "lines": talk.lines,
        "code": conversations.spelled(code),
        "is_closed": talk.thread.closed_at is not None,
        "receipt": device.receipt_on(request),
    }
    return page(request, "resident/help/chat.html", view, status=422 if form.errors else 200)


def _door(request: VisitRequest, form: CodeForm) -> HttpResponse:
    return page(request, "resident/help/chat_door.html", {"form": form}, status=422 if form.errors else 200)


@public(reason=WHY)
@require_safe
def lines(request: VisitRequest) -> HttpResponse:
    """Only what was written, asked for again every few seconds by the page."""
    try:
        talk = write_in_chat.read_with_code(code=device.chat_code_on(request))
    except ThreadNotFound:
        return private(HttpResponse(status=404))
    return private(page(request, "resident/help/lines.html", {"lines": talk.lines}))


@public(reason=WHY)
@require_POST
def come_back(request: VisitRequest) -> HttpResponse:
    """Open a conversation on this device by its code."""
    form = CodeForm(request.POST)
    if form.is_valid():
        code = conversations.normalised(form.cleaned_data["code"])
        try:
            write_in_chat.read_with_code(code=code)
        except ThreadNotFound as refused:
            form.add_error("code", said(refused))
        else:
            response = see_other("resident_chat:chat")
            device.keep_chat_code(response, code)
            return response
    return private(_door(request, form))


@public(reason=WHY)
@require_POST
def leave(request: VisitRequest) -> HttpResponse:
    """Close it on this device; the code opens it again."""
    response = see_other("resident_chat:chat")
    device.forget_chat(response)
    return response
