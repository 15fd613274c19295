"""Answers that are files to keep."""

from django.http import HttpResponse

from anxin.exchange.pdf.documents import Document
from anxin.exchange.pdf.setting import as_pdf


def pdf_response(document: Document, *, name: str) -> HttpResponse:
    """A PDF. The name of the file says nothing about what is in it."""
    return file_response(as_pdf(document), kind="application/pdf", name=f"{name}.pdf")


def file_response(content: bytes | str, *, kind: str, name: str) -> HttpResponse:
    """Any file; kept by no cache."""
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
