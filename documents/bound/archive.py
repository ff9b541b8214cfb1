"""What an archived document says of itself: PDF/UA-1 and PDF/A in one, its colours, the files it encloses."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import md5
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

from weasyprint import __version__

from documents.bound.binder import About
from documents.bound.writing import Writer, text

#: PDF/A-3 may enclose any file, PDF/A-2 only other PDF/A: the first carries the data, the second is for archives
#: that take nothing else.
WITH_DATA, PLAIN = 3, 2
PRODUCER = f"WeasyPrint {__version__}"
COLOURS = "sRGB IEC61966-2.1"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>nok</xmp:CreatorTool>
<xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""  # noqa: E501  # one spelling, as the standard prints it

#: name → (what it is, where its bytes are): a release of thousands of organisations is never held whole.
Enclosed = Mapping[str, tuple[str, Path]]
CHUNK = 1 << 20


class Archived(About):
    """PDF/UA-1 and, with enclosed files, PDF/A-3u; without them PDF/A-2u. `at` is in UTC."""

    def __init__(self, lang: str, title: str, at: datetime, enclosed: Enclosed | None = None) -> None:
        super().__init__(lang)
        self._title, self._at, self._enclosed = title, at, enclosed or {}
        self._files: list[int] = []

    def written(self, to: Writer) -> Sequence[bytes]:
        """Metadata, colours, and which files are enclosed with what meaning."""
        part = WITH_DATA if self._enclosed else PLAIN
        stamp = self._at.strftime("%Y-%m-%dT%H:%M:%SZ")
        told = _XMP.format(part=part, title=escape(self._title), producer=PRODUCER, at=stamp)
        metadata = to.number()
        to.stream(metadata, b"<< /Type /Metadata /Subtype /XML >>", told.encode())
        profile = to.number()
        to.stream(profile, b"<< /N 3 /Filter /FlateDecode >>", zlib.compress(_srgb(), 6))
        intent = (
            b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier %s /DestOutputProfile %d 0 R >>"
        )
        colours = intent % (text(COLOURS), profile)
        self._files = [self._file(to, name, *one) for name, one in sorted(self._enclosed.items())]
        parts = [b"/Metadata %d 0 R" % metadata, b"/OutputIntents [ %s ]" % colours]
        if self._files:
            parts.append(b"/AF [ %s ]" % b" ".join(b"%d 0 R" % number for number in self._files))
        return parts

    def embedded(self, to: Writer) -> Sequence[tuple[bytes, bytes]]:
        """The enclosed files by name."""
        names = [name.encode() for name in sorted(self._enclosed)]
        return [(name, b"%d 0 R" % number) for name, number in zip(names, self._files, strict=True)]

    def info(self, to: Writer) -> int | None:
        """The same title and dates as in the metadata."""
        date = text(self._at.strftime("D:%Y%m%d%H%M%SZ"))
        told = b"<< /Title %s /Producer %s /Creator (nok) /CreationDate %s /ModDate %s >>"
        return to.add(told % (text(self._title), text(PRODUCER), date, date))

    def _file(self, to: Writer, name: str, about: str, file: Path) -> int:
        date = text(self._at.strftime("D:%Y%m%d%H%M%SZ"))
        sum_, packed = _packed(file)
        own = to.number()
        params = b"<< /Size %d /CheckSum <%s> /CreationDate %s /ModDate %s >>"
        kind = b"<< /Type /EmbeddedFile /Subtype /application#2fjson /Params %s /Filter /FlateDecode >>"
        to.stream(own, kind % (params % (file.stat().st_size, sum_, date, date)), packed)
        spec = b"<< /Type /Filespec /F %s /UF %s /Desc %s /AFRelationship /Data /EF << /F %d 0 R /UF %d 0 R >> >>"
        return to.add(spec % (text(name), text(name), text(about), own, own))


def _packed(file: Path) -> tuple[bytes, bytes]:
    sum_, packing, out = md5(usedforsecurity=False), zlib.compressobj(6), bytearray()
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            sum_.update(chunk)
            out += packing.compress(chunk)
    return sum_.hexdigest().encode(), bytes(out + packing.flush())


@cache
def _srgb() -> bytes:
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
