"""A questionnaire of rare things: signs of HTML, long words, 2 to 11 points."""

from pathlib import Path

from kocsem.instrument.load import load_instrument

ODD = load_instrument(Path(__file__).parent / "instrument" / "export" / "odd.yaml")
