"""The colour profile of the press: given, or found where systems keep them."""

from __future__ import annotations

import io
from pathlib import Path

from msgspec import Struct
from PIL import ImageCms

from publisher.printer import Printer
from publisher.problem import SetupError

MAX_PROFILE = 16 * 1024 * 1024
HOMES = (
    "~/.local/share/icc",
    "~/.color/icc",
    "~/Library/ColorSync/Profiles",
    "/Library/ColorSync/Profiles",
    "/usr/local/share/color/icc",
    "/usr/share/color/icc",
    "/var/lib/colord/icc",
    "/opt/homebrew/share/ghostscript",
    "/usr/share/ghostscript",
    "/System/Library/ColorSync/Profiles",
)
# File names by how well they suit a book, and the condition each stands for in the registry at
# color.org. Ghostscript's own has no entry there.
CONDITIONS = {
    "PSOuncoated_v3_FOGRA52": "FOGRA52",
    "PSOcoated_v3": "FOGRA51",
    "ISOcoated_v2_300_eci": "FOGRA39",
    "ISOcoated_v2_eci": "FOGRA39",
    "GRACoL2013_CRPC6": "CGATS21_CRPC6",
    "GRACoL2006_Coated1v2": "CGATS TR 006",
    "SWOP2013_CRPC5": "CGATS21_CRPC5",
    "SWOP2006_Coated3v2": "CGATS TR 003",
    "SWOP2006_Coated5v2": "CGATS TR 005",
    "default_cmyk": "",
    "Generic CMYK Profile": "",
}
INSTALL = (
    "give one with --profile, or install Debian's icc-profiles (non-free) or libgs-common,"
    " or the GRACoL or PSO profiles from color.org or eci.org"
)


class Profile(Struct, frozen=True):
    """A CMYK profile; `condition` is its name in the ICC's registry, "" where it has none."""

    name: str
    content: bytes
    condition: str
    description: str
    version: float


def needs_profile(printer: Printer) -> bool:
    """Whether a book for this printer cannot be made without one; black alone needs none."""
    return printer.flavour in ("x4", "x1a") or printer.colour == "cmyk"


def load_profile(path: Path) -> Profile:
    """The profile in a file; anything but a CMYK press is a SetupError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_PROFILE + 1)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise SetupError(f"the colour profile {path} cannot be read: {reason}") from None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content)).profile
    except (OSError, ImageCms.PyCMSError):
        profile = None
    if profile is None or len(content) > MAX_PROFILE:
        raise SetupError(f"{path} is no colour profile (ICC)")
    space = profile.xcolor_space.strip()
    if space != "CMYK":
        raise SetupError(f"{path} is a profile for {space}; a press wants one for CMYK")
    if profile.device_class.strip() != "prtr":
        raise SetupError(f"{path} is no profile of a press (its class is {profile.device_class})")
    return Profile(
        path.stem,
        content,
        CONDITIONS.get(path.stem, ""),
        (profile.profile_description or path.stem).strip("\0 "),
        profile.version,
    )


def find_profile(given: Path | None = None, homes: tuple[str, ...] = HOMES) -> Profile:
    """The profile given, else the best one that this system has."""
    if given is not None:
        return load_profile(given)
    found: dict[str, Path] = {}
    for home in homes:
        folder = Path(home).expanduser()
        for path in sorted((*folder.rglob("*.icc"), *folder.rglob("*.icm"))):
            found.setdefault(path.stem, path)
    for name in CONDITIONS:
        if name in found:
            return load_profile(found[name])
    raise SetupError(
        f"this printer's PDF needs a CMYK colour profile and none was found; {INSTALL}"
    )
