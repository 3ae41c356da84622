"""Make office files reproducible: a zip archive in, the same without clock times out.

Word and Excel files are zip archives; python-docx and openpyxl write the present time
into each member, and openpyxl into the document properties as well.
"""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_FIXED = rb"\g<1>2000-01-01T00:00:00Z\g<3>"
_UNIX = 3


def without_times(archive: bytes) -> bytes:
    """Return an office file whose bytes depend on its contents only.

    Parameters
    ----------
    archive : bytes
        A zip archive.

    Returns
    -------
    bytes
        The same members in the same order, all dated 1 January 1980, the document
        dated 1 January 2000.
    """
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _PROPERTIES:
                content = _TIMES.sub(_FIXED, content)
            member = ZipInfo(name, date_time=_EPOCH)
            member.compress_type = ZIP_DEFLATED
            member.create_system = _UNIX
            target.writestr(member, content)
    return out.getvalue()
