"""Fonts that the engine has written to files go when they are needed no more."""

from __future__ import annotations

from multiprocessing.util import Finalize
from shutil import rmtree

from weasyprint.text.fonts import FontConfiguration

from publisher.render.pdf.font_folders import font_folder


def font_configuration() -> FontConfiguration:
    """A configuration with no fonts as yet.

    WeasyPrint's own tidies up when it is let go, but neither a worker nor the interpreter lets
    go of anything at its end: each left a folder of some megabytes behind.
    """
    fonts = FontConfiguration()
    folder = font_folder()
    fonts._folder = folder  # noqa: SLF001 - it would be made with the first font
    # Unlike `weakref.finalize`, this is done in processes that `multiprocessing` began, too.
    Finalize(fonts, rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=0)
    return fonts
