"""Takes apart what Postgres prints: arrays, rows, ranges, hstore, intervals, into nested lists of leaf texts."""

import re

# Everything that array_in takes for a blank.
BLANKS = " \t\n\r\v\f"


class Cursor:
    """A place in a text."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """The next character; empty at the end."""
        return self.text[self.at:self.at + 1]

    def take(self) -> str:
        character = self.peek()
        assert character, f"unexpected end of {self.text!r}"
        self.at += 1
        return character

    def skip(self, wanted: str) -> bool:
        found = self.text.startswith(wanted, self.at)
        self.at += len(wanted) if found else 0
        return found

    def expect(self, wanted: str) -> None:
        assert self.skip(wanted), f"{wanted!r} expected at {self.at} of {self.text!r}"

    def expect_end(self) -> None:
        assert self.at == len(self.text), f"{self.text[self.at:]!r} left of {self.text!r}"

    def word(self, ends: str) -> tuple[str, bool]:
        """Text up to one of `ends`, and whether any of it was quoted. Within double quotes a doubled quote is one."""
        text, quoted = "", False
        while self.peek() and self.peek() not in ends:
            character = self.take()
            if character == "\\":
                text += self.take()
            elif character == '"':
                quoted = True
                text += self.rest_of_quoted()
            else:
                text += character
        return text, quoted

    def rest_of_quoted(self) -> str:
        text = ""
        while True:
            character = self.take()
            if character == "\\":
                text += self.take()
            elif character != '"':
                text += character
            elif self.skip('"'):
                text += '"'
            else:
                return text


def parse_array(text: str, delimiter: str = ",") -> tuple[list, list[int]]:
    """array_out. @return the elements as nested lists, None for NULL, and the lower bounds if they are printed"""
    bounds = []
    cursor = Cursor(text)
    if cursor.peek() == "[":
        header, text = text.split("=", 1)
        bounds = [int(bound) for bound in re.findall(r"\[(-?\d+):-?\d+\]", header)]
        cursor = Cursor(text)
    elements = _elements(cursor, delimiter)
    cursor.expect_end()
    return elements, bounds


def _elements(cursor: Cursor, delimiter: str) -> list:
    cursor.expect("{")
    elements = []
    while not cursor.skip("}"):
        if elements:
            cursor.expect(delimiter)
        if cursor.peek() == "{":
            elements.append(_elements(cursor, delimiter))
        else:
            word, quoted = cursor.word(delimiter + "}")
            elements.append(None if word == "NULL" and not quoted else word)
    return elements


def parse_row(text: str) -> list[str | None]:
    """record_out. @return its fields, None for NULL"""
    cursor = Cursor(text)
    cursor.expect("(")
    fields = []
    while True:
        word, quoted = cursor.word(",)")
        fields.append(word if word or quoted else None)
        if cursor.skip(")"):
            cursor.expect_end()
            return fields
        cursor.expect(",")


def parse_range(text: str) -> dict:
    """range_out. @return lower, upper (None: no bound), lower_inc, upper_inc, empty"""
    cursor = Cursor(text)
    found = _range(cursor)
    cursor.expect_end()
    return found


def _range(cursor: Cursor) -> dict:
    if cursor.skip("empty"):
        return {"lower": None, "upper": None, "lower_inc": False, "upper_inc": False, "empty": True}
    lower_inc = cursor.take() == "["
    lower, lower_quoted = cursor.word(",")
    cursor.expect(",")
    upper, upper_quoted = cursor.word(")]")
    upper_inc = cursor.take() == "]"
    return {"lower": lower if lower or lower_quoted else None, "upper": upper if upper or upper_quoted else None,
            "lower_inc": lower_inc, "upper_inc": upper_inc, "empty": False}


def parse_multirange(text: str) -> list[dict]:
    """multirange_out. @return its ranges"""
    cursor = Cursor(text)
    cursor.expect("{")
    ranges = []
    while not cursor.skip("}"):
        if ranges:
            cursor.expect(",")
        ranges.append(_range(cursor))
    cursor.expect_end()
    return ranges


def parse_hstore(text: str) -> dict[str, str | None]:
    """hstore_out. @return its pairs, None for NULL"""
    cursor = Cursor(text)
    pairs = {}
    while cursor.peek():
        if pairs:
            cursor.expect(", ")
        cursor.expect('"')
        key = cursor.rest_of_quoted()
        cursor.expect("=>")
        value, quoted = cursor.word(",")
        pairs[key] = None if value == "NULL" and not quoted else value
    return pairs


def parse_interval(text: str) -> tuple[int, int, int]:
    """interval_out with intervalstyle postgres. @return months, days, microseconds"""
    found = re.fullmatch(r"(?:([+-]?\d+) years? ?)?(?:([+-]?\d+) mons? ?)?(?:([+-]?\d+) days? ?)?"
                         r"(?:([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?", text)
    assert found and text, f"no interval: {text!r}"
    years, months, days, sign, hours, minutes, seconds, fraction = found.groups()
    time = ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 10**6
    time += int((fraction or "0").ljust(6, "0"))
    return int(years or 0) * 12 + int(months or 0), int(days or 0), -time if sign == "-" else time


def parse_numbers(text: str) -> list[float]:
    """The numbers of a point, line, box, path or circle, in their order."""
    return [float(number) for number in re.findall(r"-?(?:Infinity|NaN|[0-9.]+(?:e[+-]?\d+)?)", text)]


def quote_element(text: str | None) -> str:
    """An element as array_in reads it. Always quoted, so that no text means something."""
    return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quote_field(text: str | None) -> str:
    """A field as record_in reads it, or a bound as range_in does."""
    return "" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '""') + '"'
