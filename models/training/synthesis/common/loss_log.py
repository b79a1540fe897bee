"""The losses of a training as CSV (step, loss, seconds) and as a curve."""

from __future__ import annotations

import csv
from pathlib import Path

from .files import write_text


def append_row(log: Path, step: int, loss: float, seconds: float) -> None:
    """Append one row to the CSV; makes the folder."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        file.write(line(step, loss, seconds))


def line(step: int, loss: float, seconds: float) -> str:
    """-> a row of the CSV"""
    return f"{step},{loss:.6f},{seconds:.1f}\n"


def read_rows(log: Path) -> list[tuple[int, float, float]]:
    """-> step, loss and seconds of every row; none where there is no log"""
    if not log.exists():
        return []
    with log.open(newline="") as file:
        return [(int(step), float(loss), float(seconds)) for step, loss, seconds in csv.reader(file)]


def forget_after(log: Path, step: int) -> None:
    """Drop the rows after `step`: a training that continues from there writes them again."""
    rows = read_rows(log)
    kept = [row for row in rows if row[0] <= step]
    if kept != rows:
        if kept:
            write_text(log, "".join(line(*row) for row in kept))
        else:
            log.unlink()


def draw_losses(log: Path) -> None:
    """Plot the loss over the steps into a PNG next to the log."""
    from matplotlib.figure import Figure

    rows = read_rows(log)
    if not rows:
        return
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot(*zip(*(row[:2] for row in rows)), lw=1)
    axes.set(xlabel="step", ylabel="loss", title=log.stem)
    figure.savefig(log.with_suffix(".png"), dpi=100)
