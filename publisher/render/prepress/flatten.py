"""Ghostscript, for pages whose transparency has to go."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from publisher.problem import SetupError

PROGRAMS = ("gs", "gswin64c")
LONGEST = 3_600  # seconds


def can_flatten() -> bool:
    """Whether Ghostscript is on this machine."""
    return any(map(shutil.which, PROGRAMS))


def flatten(pdf: bytes, *, grey: bool) -> bytes:
    """The same pages in PDF 1.3, in greys or four inks; what is transparent becomes a bitmap."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SetupError(
            "this printer wants PDF/X-1a and the book has transparent pages:"
            " install Ghostscript (gs) to flatten them, or take the transparency out"
        )
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(pdf)
        done = subprocess.run(  # noqa: S603 - a program of the system, files of our own
            [
                program, "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite",
                "-dCompatibilityLevel=1.3", f"-sColorConversionStrategy={'Gray' if grey else 'CMYK'}",
                f"-sProcessColorModel={'DeviceGray' if grey else 'DeviceCMYK'}",
                "-dAutoRotatePages=/None", "-dEmbedAllFonts=true", "-dSubsetFonts=true",
                "-dAutoFilterColorImages=false", "-dColorImageFilter=/FlateEncode",
                "-dAutoFilterGrayImages=false", "-dGrayImageFilter=/FlateEncode",
                "-dDownsampleColorImages=false", "-dDownsampleGrayImages=false", "-r600",
                f"-sOutputFile={made}", str(source),
            ],
            capture_output=True,
            check=False,
            timeout=LONGEST,
        )  # fmt: skip
        if done.returncode or not made.exists():
            said = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()
            raise SetupError(f"Ghostscript could not flatten the book: {(said or ['no word'])[-1]}")
        return made.read_bytes()
