"""Typical intensities of patients that are not anchored."""

from __future__ import annotations

import torch
from torch import Tensor

from ...data.patients import BRAIN, CODES, Patients
from .augment import plain_table


class Moments:
    """Mean and standard deviation of all contrasts in the brain, for patients whose intensities are not
    anchored. Their truth gets the typical moments of its contrast, lesion included."""

    def __init__(self, patients: Patients, chosen: list[int]):
        rows = []
        for i in chosen:
            brain = patients.labels[i] >= BRAIN
            rows.append(
                torch.stack(
                    [torch.bincount(image[brain].long(), minlength=CODES) for image in patients.images[i]]
                )
            )
        self.codes = torch.stack(rows).float()
        self.codes /= self.codes.sum(-1, keepdim=True).clamp(min=1)
        present = torch.tensor(
            [patients.records[i].present for i in chosen], device=self.codes.device
        ).float()
        mean, std = self.measure(self.codes, plain_table(self.codes.device))
        self.mean, self.std = ((v * present).sum(0) / present.sum(0).clamp(min=1) for v in (mean, std))

    @staticmethod
    def measure(codes: Tensor, tables: Tensor) -> tuple[Tensor, Tensor]:
        """Shares of the codes and tables [..., 4, 256] -> mean and standard deviation [..., 4] of the
        intensity"""
        mean = (codes * tables).sum(-1)
        return mean, ((codes * (tables - mean[..., None]).square()).sum(-1)).sqrt().clamp(min=1e-3)

    def typical(self, truth: Tensor, tables: Tensor, who: Tensor) -> Tensor:
        """Truth [S, 4, H, W] that `tables` [S, 4, 256] were applied to, patients [S] -> the same with the
        typical moments"""
        mean, std = self.measure(self.codes[who], tables)
        slope = (self.std / std)[..., None, None]
        return (truth - mean[..., None, None]) * slope + self.mean[:, None, None]
