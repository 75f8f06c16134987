"""A large encrypted content inside an envelope, taken out and put in without laying it out again at every level.

ASN.1 libraries copy the content of each nested element. For a file of 400 MB that is gigabytes; so the one large octet
string is cut out by the lengths alone, what is left is parsed and written as usual, and nothing else is touched.
Works on DER that `cms_der.check_der` has passed. Knows no types but the one tag (RFC 5083: encryptedContent is [0]
IMPLICIT OCTET STRING, RFC 5652 section 6.1).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from privity.adapters.cms_der import element

LARGE: Final = 1024 * 1024  # bytes; smaller contents are parsed with all the rest
_CONTENT_TAG: Final = 0x80
_DEPTH: Final = 4  # ContentInfo, [0], AuthEnvelopedData, EncryptedContentInfo


class _Place(NamedTuple):
    """One element: where its tag stands, where its content begins and ends."""

    tag: int
    start: int
    end: int


def take_out(envelope: bytes) -> tuple[bytes, memoryview] | None:
    """(the envelope with an empty content, the content), or None where there is no large content in its place."""
    above = _way_to_content(envelope)
    if above is None:
        return None
    content = above[-1]
    return _with(envelope, above, b""), memoryview(envelope)[content.start : content.end]


def put_in(empty: bytes, content: memoryview) -> bytes:
    """The envelope with this content where `empty` has an empty one: DER, byte for byte as if written whole."""
    above = _way_to_content(empty, least=0)
    if above is None:
        raise ValueError("the envelope has no content to fill")
    return _with(empty, above, content)


def _way_to_content(data: bytes, least: int = LARGE) -> list[_Place] | None:
    """The elements from the outermost to the content, which must be one, primitive, and at its depth."""
    found: list[list[_Place]] = []
    open_elements: list[_Place] = []
    position = 0
    while position < len(data) or open_elements:
        if open_elements and position == open_elements[-1].end:
            open_elements.pop()
            continue
        parent_end = open_elements[-1].end if open_elements else len(data)
        constructed, start, end = element(data, position, parent_end)
        place = _Place(position, start, end)
        if not constructed and data[position] == _CONTENT_TAG and len(open_elements) == _DEPTH and end - start >= least:
            found.append([*open_elements, place])
        if constructed:
            open_elements.append(place)
        position = start if constructed else end
    return found[0] if len(found) == 1 else None


def _with(data: bytes, above: list[_Place], content: bytes | memoryview) -> bytes:
    """`data` with another content; the lengths around it follow."""
    target = above[-1]
    before, behind, size = [content], [], len(content)
    head = data[target.tag : target.tag + 1] + _length(size)
    before.insert(0, head)
    size += len(head)
    inner = target
    for outer in reversed(above[:-1]):
        left, right = data[outer.start : inner.tag], data[inner.end : outer.end]
        size += len(left) + len(right)
        head = data[outer.tag : outer.tag + 1] + _length(size)
        before.insert(0, head + left)
        behind.append(right)
        size += len(head)
        inner = outer
    return b"".join((*before, *behind))


def _length(size: int) -> bytes:
    """X.690 section 8.1.3: the shortest form."""
    if size < 0x80:
        return bytes((size,))
    count = (size.bit_length() + 7) // 8
    return bytes((0x80 | count,)) + size.to_bytes(count, "big")
