"""Edits at random: what an attacker, a broken disk or a careless export could do to a file of records."""

import json


def edit(chance, lines):
    """One to three edits. At least two lines are kept, so that the file stays one of lines."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        place = chance.randrange(len(lines))
        chance.choice([drop, repeat, swap, cut_tail, change, change, change, spoil, shorten, insert])(chance, lines, place)
    return lines


def drop(chance, lines, place):
    if len(lines) > 2:
        del lines[place]


def repeat(chance, lines, place):
    lines.insert(chance.randrange(len(lines) + 1), lines[place])


def swap(chance, lines, place):
    other = chance.randrange(len(lines))
    lines[place], lines[other] = lines[other], lines[place]


def cut_tail(chance, lines, place):
    del lines[max(place, 2) :]


def spoil(chance, lines, place):
    """Another byte somewhere."""
    data = bytearray(lines[place])
    if data:
        data[chance.randrange(len(data))] = chance.choice(b'0aZ"}{ ,\\\xff')
    lines[place] = bytes(data)


def shorten(chance, lines, place):
    lines[place] = lines[place][: chance.randrange(1, len(lines[place]) + 1)] if lines[place] else b""


def insert(chance, lines, place):
    """Something that is no record, behind the first one: what stands first decides whether a file is one of records."""
    lines.insert(max(place, 1), chance.choice([b"{garbage", b"[]", b"1", b"{}", b"null", b"", b"  \t", b"{}\r"]))


def change(chance, lines, place):
    """Another value in one record, spelled as the file spells."""
    text = lines[place]
    try:
        record = json.loads(text)
        styles = [{"separators": pair, "ensure_ascii": ascii} for pair in ((",", ":"), (", ", ": ")) for ascii in (True, False)]
        style = next((style for style in styles if json.dumps(record, **style).encode() == text), styles[0])
        holder, name = chance.choice(list(scalars(record)))
    except (ValueError, IndexError):
        return  # an earlier edit left no record here, or an empty one
    change_value(chance, holder, name)
    lines[place] = json.dumps(record, **style).encode()


def scalars(value):
    """Where every scalar stands: its holder, and its name or index in it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        if isinstance(inner, (dict, list)):
            yield from scalars(inner)
        else:
            yield value, name


def change_value(chance, holder, name):
    value, how = holder[name], chance.randrange(6)
    if how == 0:
        del holder[name]
    elif how == 1:
        holder[name] = chance.choice([None, True, 0, -1, 1.5, 1e300, "", "x", [], {}])
    elif how == 2 and isinstance(holder, dict):
        holder[name + "x"] = value
    elif isinstance(value, str) and value:
        place = chance.randrange(len(value))
        holder[name] = value[:place] + chance.choice(["0", "a", "Z", " ", "=", "é", ""]) + value[place + 1 :]
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        holder[name] = value + chance.choice([1, -1, 10])
    else:
        holder[name] = "x"
