"""What a place to which a questionnaire goes has to provide.

In: an instrument and the languages wanted. Out: finished files, and what their format
cannot carry. A target is one module with one `Target` value, listed in
`kocsem.instrument.export.registry`; only `kocsem.instrument.outputs` touches the
disk.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Language

Languages = tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """One finished file.

    Attributes
    ----------
    name : str
        Its name, without a folder.
    content : bytes
        What it holds; the same instrument gives the same bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """How a questionnaire is written for one survey platform, or for paper.

    Attributes
    ----------
    name : str
        What a user writes to choose it.
    title : str
        What it is, for the help of the command line.
    languages : tuple of {"zh", "en"}
        Languages written when the user names none, the main one first.
    write : callable
        Instrument and languages to the files.
    limits : callable
        Instrument and languages to findings: what the format cannot carry, each with
        what to do about it.
    """

    name: str
    title: str
    languages: Languages
    write: Callable[[Instrument, Languages], tuple[Exported, ...]]
    limits: Callable[[Instrument, Languages], tuple[Finding, ...]]


def file_a_language(
    target: str, ending: str, write_one: Callable[[Instrument, Language], bytes]
) -> Callable[[Instrument, Languages], tuple[Exported, ...]]:
    """Make the writer of a format that holds one language a file.

    Parameters
    ----------
    target : str
        Name of the target, part of each file's name.
    ending : str
        Ending of the files, without the dot.
    write_one : callable
        Instrument and language to the content of a file.

    Returns
    -------
    callable
        As `Target.write`; a file is named
        ``<instrument>.<target>.<language>.<ending>``.
    """

    def write(instrument: Instrument, languages: Languages) -> tuple[Exported, ...]:
        return tuple(
            Exported(
                f"{instrument.id}.{target}.{language}.{ending}",
                write_one(instrument, language),
            )
            for language in languages
        )

    return write
