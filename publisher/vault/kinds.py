"""What a file is by its name."""

from __future__ import annotations

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "jfif": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "3gp": "audio/3gpp",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "pdf": "application/pdf",
    "canvas": "application/json",
    "json": "application/json",
    "base": "application/yaml",
    "csv": "text/csv",
    "txt": "text/plain",
    "excalidraw": "application/json",
}

# A note to Obsidian, and a drawing to its plugin.
DRAWING = "text/x-excalidraw"


def is_note(name: str) -> bool:
    """Whether a file of this name is a note: Excalidraw's drawings are none."""
    lowered = name.casefold()
    return lowered.endswith(".md") and not lowered.endswith(".excalidraw.md")


def media_type(name: str) -> str:
    """The media type a file's name claims."""
    if name.casefold().endswith(".excalidraw.md"):
        return DRAWING
    return MEDIA_TYPES.get(name.rpartition(".")[2].casefold(), "application/octet-stream")
