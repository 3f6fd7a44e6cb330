"""Pictures: opened by Pillow whole, and made anew from their points alone, so that nothing else of the file is left."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, PngImagePlugin, UnidentifiedImageError

from services.attachments.opening.limits import MEGABYTE, MOST_PIXELS, Refused

FORMATS = {"png": "PNG", "jpeg": "JPEG"}
PLAIN = {"PNG": ("1", "L", "LA", "RGB", "RGBA", "I;16", "I"), "JPEG": ("L", "RGB")}
QUALITY = 90
# What Pillow tells of a picture that is about its points.
_OF_POINTS = {
    "dpi", "gamma", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "adobe",
    "adobe_transform", "transparency", "interlace", "srgb",
}  # fmt: skip
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False
PngImagePlugin.MAX_TEXT_CHUNK = MEGABYTE
PngImagePlugin.MAX_TEXT_MEMORY = 4 * MEGABYTE


@contextmanager
def _opened(source: Path | BinaryIO, kind: str) -> Iterator[Image.Image]:
    """A picture of this kind; whatever is wrong with it while the block runs refuses it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=[FORMATS[kind]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refused("bomb")
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("bomb") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, EOFError):
        raise Refused("damaged") from None


def check(path: Path, kind: str) -> list[str]:
    """Look at every byte: structure first, then the points. Returns what a copy will be without."""
    with _opened(path, kind) as picture:
        picture.verify()
    with _opened(path, kind) as picture:
        frames = getattr(picture, "n_frames", 1)
        picture.load()  # some notes stand behind the points
        told = bool(picture.getexif()) or bool(picture.info.keys() - _OF_POINTS)
    return [*(["metadata"] if told else []), *(["frames"] if frames > 1 else [])]


def copy(source: Path | BinaryIO, kind: str, target: Path | BinaryIO) -> int:
    """Make a picture anew: turned as its camera said, then its points alone, whose number it tells."""
    with _opened(source, kind) as picture:
        format_ = FORMATS[kind]
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        bare: Image.Image = picture
        if bare.mode not in PLAIN[format_] or "transparency" in bare.info:
            clear = "transparency" in bare.info or bare.mode in ("PA", "La", "RGBa")
            bare = bare.convert("RGBA" if clear and format_ == "PNG" else "RGB")
        bare.info.clear()  # all that it would be written with besides
        if format_ == "JPEG":
            bare.save(target, format_, quality=QUALITY)
        else:
            bare.save(target, format_)
        return bare.width * bare.height
