"""Where one RESP message ends: all that a proxy needs to know of the protocol."""


class Incomplete(Exception):
    """More bytes are needed."""


def _line(data: bytes, start: int) -> tuple[bytes, int]:
    end = data.find(b"\r\n", start)
    if end < 0:
        raise Incomplete
    return data[start:end], end + 2


def end_of_message(data: bytes, start: int = 0) -> int:
    """Position behind the message that begins at `start`, RESP2 or RESP3. Raises Incomplete."""
    line, position = _line(data, start)
    kind, rest = line[:1], line[1:]
    if kind in b"$=!":
        if rest == b"-1":
            return position
        position += int(rest) + 2
        if position > len(data):
            raise Incomplete
        return position
    if kind in b"*~>%|":
        count = max(int(rest), 0) * (2 if kind in b"%|" else 1)
        # An attribute stands in front of the message that it belongs to.
        for _ in range(count + (kind == b"|")):
            position = end_of_message(data, position)
    return position


def words(message: bytes) -> list[bytes]:
    """The parts of a command."""
    line, position = _line(message, 0)
    result = []
    for _ in range(int(line[1:])):
        header, position = _line(message, position)
        size = int(header[1:])
        result.append(message[position : position + size])
        position += size + 2
    return result


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """Complete messages and the incomplete rest."""
    messages, position = [], 0
    while position < len(data):
        try:
            end = end_of_message(data, position)
        except Incomplete:
            break
        messages.append(data[position:end])
        position = end
    return messages, data[position:]
