"""Tissues and the series: the signal equations of a spin echo and of an inversion recovery."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tissue:
    density: float  # of protons; CSF is 1
    t1: float  # ms
    t2: float  # ms
    gadolinium: float = 0.0  # mM, after the full dose


# Relaxation at 3 T. White and grey matter: Wansapura 1999; T1 of CSF: Rooney 2007; fat: de Bazelaire 2004; muscle:
# Stanisz 2005. The T2 of CSF (any long one would do), oedema and tumour, and every proton density, are chosen.
TISSUES = {
    "csf": Tissue(1.00, 4160, 2000),
    "gm": Tissue(0.82, 1331, 110),
    "wm": Tissue(0.70, 832, 80),
    "fat": Tissue(0.90, 382, 68),
    "muscle": Tissue(0.75, 1412, 50),
    "oedema": Tissue(0.88, 1700, 180),
    "tumour": Tissue(0.85, 1500, 130),
    "rim": Tissue(0.85, 1500, 130, gadolinium=0.4),
}
RELAXIVITY = 4.5  # per s and mM


@dataclass(frozen=True)
class Series:
    number: int
    description: str
    tr: float  # ms
    te: float  # ms
    matrix: int
    spacing: float  # mm, in plane
    lowest: float  # z of the middle of the first slice, mm
    snr: float  # of white matter
    window: tuple[int, int]  # centre, width
    ti: float | None = None  # ms
    agent: float = 0.0  # dose of gadolinium as a share of the full one
    tilt: float = 0.0  # degrees about the left-right axis

    def signal(self, tissue: Tissue) -> float:
        """Signed signal of a spin echo, or of an inversion recovery if there is a TI."""
        t1 = tissue.t1
        if self.agent:
            t1 = 1000 / (1000 / t1 + RELAXIVITY * self.agent * tissue.gadolinium)
        recovery = 1 - np.exp(-self.tr / t1)
        if self.ti is not None:
            recovery = 1 - 2 * np.exp(-self.ti / t1) + np.exp(-self.tr / t1)
        return float(tissue.density * recovery * np.exp(-self.te / tissue.t2))


SERIES = {
    "t1": Series(1, "AX T1 phantom", 550, 10, 256, 0.9375, -70.0, 32, (450, 900)),
    "t1ce": Series(2, "AX T1 POST GD phantom", 550, 10, 240, 1.0, -69.0, 32, (500, 1000), agent=1),
    "t2": Series(3, "AX T2 phantom", 4500, 100, 288, 0.8333, -70.5, 28, (800, 1600), tilt=3.0),
    "flair": Series(4, "AX FLAIR phantom", 9000, 120, 256, 0.9375, -70.0, 28, (500, 1000), ti=2430),
    # Coarser than the others, so that it adds few bytes.
    "t1ce-low": Series(
        5, "AX T1 POST GD 25% dose, simulated phantom", 550, 10, 192, 1.25, -69.0, 32, (500, 1000), agent=0.25
    ),
}
