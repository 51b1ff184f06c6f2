"""Sections of a Markdown file that scripts write: from a heading of the second level to the next one."""

import pathlib
import re


def write(path: pathlib.Path, heading: str, lines: list[str]) -> None:
    """Puts `lines` below `## heading` of the file: instead of what stands there, or at the end."""
    text = path.read_text() if path.exists() else ""
    section = f"## {heading}\n\n" + "\n".join(lines).strip() + "\n"
    found = re.search(rf"(?ms)^## {re.escape(heading)}\n.*?(?=^## |\Z)", text)
    if found:
        text = text[: found.start()] + section + ("\n" if text[found.end() :] else "") + text[found.end() :]
    else:
        text = text.rstrip("\n") + "\n\n" + section
    path.write_text(text)
