"""The calculator as one file that anybody runs with nothing but Python: its text, the editions, the way in."""

from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "nok.pyz"
WAY_IN = "import sys\n\nfrom nok.__main__ import main\n\nsys.exit(main(sys.argv[1:]))\n"


@cache
def program() -> bytes:
    """The same bytes on every machine: entries in order, without times."""
    texts = [*sorted((ROOT / "nok").rglob("*.py")), *sorted((ROOT / "nok").rglob("*.toml")), ROOT / "LICENSE"]
    files = {str(file.relative_to(ROOT)): file.read_bytes() for file in texts}
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for name, content in {"__main__.py": WAY_IN.encode(), **files}.items():
            entry = ZipInfo(name)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, content)
    return out.getvalue()
