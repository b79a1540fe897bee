"""Preparation of patients, on a phantom head of spheres."""

from __future__ import annotations

import io
import json
import lzma
import shutil
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from PIL import Image
from scipy import ndimage as ndi

from synthesis import CEILING, ENHANCING, FLAIR, T1, T1CE, T2
from synthesis.data.anchors import Anchor, anchor, healthy_brain
from synthesis.data.archive import UNKNOWN_FLOOR, Stored, floor, mosaic_of, read_archive, slices_of
from synthesis.data.codes import SPREAD, WHITE_MATTER, decode, encode
from synthesis.data.folds import FOLDS, family, folds_of
from synthesis.data.load import load
from synthesis.data.montage import montage, upright
from synthesis.data.nifti import read_nifti
from synthesis.data.pack import pack
from synthesis.data.patients import BRAIN, Patients
from synthesis.data.prepare import prepare
from synthesis.data.registration import IDENTITY, align, resampled, shift_and_angle
from synthesis.data.shading import Shading, fit_shading, to_triple, without
from synthesis.data.white_matter import dilated, eroded, white_matter

TISSUES = {
    T1: (0.15, 0.5, 0.75),
    T1CE: (0.15, 0.42, 0.6),
    T2: (0.9, 0.5, 0.35),
    FLAIR: (0.15, 0.6, 0.5),
}  # CSF, grey, white


def head(side: int = 64, radius: float = 28.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-> tissue 0 to 2 [side, side, side], brain, lesion: a cortex with folds around white matter, ventricles
    inside
    """
    z, y, x = np.indices((side,) * 3, np.float32) - side / 2
    distance = np.sqrt(z * z + y * y * 0.8 + x * x * 1.3)
    folds = 1.5 * np.sin(x / 3) * np.cos(y / 4 + z / 5)
    tissue = np.full((side,) * 3, 1)
    tissue[distance < 0.8 * radius + folds] = 2
    tissue[(np.abs(x - 4) < 2.5) & (np.abs(y + 3) < 7) & (np.abs(z) < 6)] = 0
    lesion = (z - 6) ** 2 + (y - 8) ** 2 + (x + 8) ** 2 < 25
    return tissue, distance < radius, lesion


def volume(contrast: int, tissue: np.ndarray, brain: np.ndarray, seed: int = 0) -> np.ndarray:
    clean = ndi.gaussian_filter(np.asarray(TISSUES[contrast], np.float32)[tissue], 0.7)
    return (clean + np.random.default_rng(seed + contrast).normal(0, 0.01, tissue.shape)).astype(
        np.float32
    ) * brain


@pytest.fixture(scope="module")
def phantom() -> tuple[dict[int, np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    tissue, brain, lesion = head()
    volumes = {c: volume(c, tissue, brain) for c in TISSUES}
    volumes[FLAIR][lesion] = 0.95
    return volumes, tissue, brain, lesion


@pytest.mark.parametrize(
    "known", [(T1,), (T1CE,), (T2,), (FLAIR,), (T1, T2), (T1CE, FLAIR), (T1, T1CE, T2, FLAIR)]
)
def test_white_matter_from_any_contrasts(phantom, known: tuple[int, ...]) -> None:
    volumes, tissue, brain, lesion = phantom
    white = white_matter({c: volumes[c] for c in known}, brain, lesion)
    assert white.sum() > 1500
    assert (tissue[white] == 2).mean() > 0.9
    assert not (white & dilated(lesion, 5)).any()
    unlabelled = white_matter({c: volumes[c] for c in known}, brain, np.zeros_like(lesion))
    assert (tissue[unlabelled] == 2).mean() > 0.9


def test_white_matter_needs_a_contrast(phantom) -> None:
    with pytest.raises(ValueError, match="at least one contrast"):
        white_matter({}, phantom[2], phantom[3])


def test_erosion_follows_the_spacing() -> None:
    mask = np.ones((11, 21, 21), bool)
    assert eroded(mask, 4, 1.0).any((1, 2)).sum() == 3
    assert eroded(mask, 4, 4.0).any((1, 2)).sum() == 9
    assert eroded(mask, 4, 10.0).any((1, 2)).sum() == 11


def test_shading_is_found_and_removed(phantom) -> None:
    volumes, _, brain, lesion = phantom
    floors = {T1: 0.2, T2: 0.0}
    centre = (32.0, 32.0, 32.0)
    true = Shading(centre, (0.0, 0.4, -0.3, 0.2, -0.3, 0.0, 0.2, 0.3, 0.0, -0.3)).factor(brain.shape, 1.0)
    shaded = {c: ((volumes[c] + floors[c]) * true - floors[c]) * brain for c in floors}
    found = fit_shading(shaded, brain, lesion, floors)
    for c in floors:
        factor = found[c].factor(brain.shape, 1.0)
        ratio = np.log(factor / true)[brain]
        assert ratio.std() < 0.25 * np.log(true)[brain].std()
        assert factor[brain].min() >= 0.59 and factor[brain].max() <= 1.61
        white = white_matter(volumes, brain, lesion)
        assert without(shaded[c], factor, floors[c])[white].std() < 0.6 * shaded[c][white].std()


def test_no_shading_where_there_is_none(phantom) -> None:
    volumes, _, brain, lesion = phantom
    factor = fit_shading({T1: volumes[T1]}, brain, lesion, {T1: 0.1})[T1].factor(brain.shape, 1.0)
    assert np.abs(np.log(factor[brain])).max() < 0.03


def test_anchor_is_blind_to_scale_and_lesion(phantom) -> None:
    volumes, _, brain, lesion = phantom
    white, healthy = white_matter(volumes, brain, lesion), healthy_brain(brain, lesion)
    first = anchor(volumes[T2], white, healthy)
    second = anchor(3 * volumes[T2] + 0.2, white, healthy)
    np.testing.assert_allclose(second.anchored(3 * volumes[T2] + 0.2), first.anchored(volumes[T2]), atol=1e-4)
    assert abs(np.median(first.anchored(volumes[T2])[white]) - WHITE_MATTER) < 1e-6
    assert first.anchored(np.float32(first.white_matter + first.spread)) == pytest.approx(
        WHITE_MATTER + SPREAD, abs=1e-6
    )
    np.testing.assert_allclose(first.stored(first.anchored(volumes[T2])), volumes[T2], atol=1e-5)
    assert anchor(np.where(lesion, 50, volumes[T2]), white, healthy) == first


def test_codes_round_trip() -> None:
    inside = np.array([True, True, False])
    codes = encode(np.array([0.5, 2.0, 0.7]), inside)
    assert codes.tolist() == [100, 255, 0]
    assert abs(decode(codes)[0] - 0.5) < 0.003


def test_registration_recovers_a_known_transform(phantom) -> None:
    volumes, _, brain, _ = phantom
    angle = np.radians(0.5)
    rotation = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    centre = np.argwhere(brain).mean(0)
    shift = np.array([0.5, -0.5, 0.5])
    matrix = np.hstack([rotation, (centre + shift - rotation @ centre)[:, None]])
    inverse = np.linalg.inv(np.vstack([matrix, [0, 0, 0, 1]]))[:3]
    moved = resampled(
        volumes[T2], inverse, brain
    )  # moved(p) = T2(inverse p), so the reference's p lies at matrix p
    found = align(moved, volumes[T1], brain)
    assert not found.note
    places = np.argwhere(brain)[::50]
    error = np.linalg.norm(
        (places @ (found.matrix - matrix)[:, :3].T + (found.matrix - matrix)[:, 3]), axis=1
    )
    assert error.mean() < 0.15
    before, after = (
        np.abs(v - volumes[T2])[eroded(brain, 4)].mean()
        for v in (moved, resampled(moved, found.matrix, brain))
    )
    assert after < 0.6 * before


def test_registration_refuses_what_is_implausible(phantom) -> None:
    volumes, _, brain, _ = phantom
    far = np.hstack([np.eye(3), [[6.0], [0.0], [0.0]]])
    found = align(resampled(volumes[T2], far, brain), volumes[T1], brain)
    assert found.note and np.array_equal(found.matrix, IDENTITY)


def test_shift_and_angle() -> None:
    shift, angle = shift_and_angle(np.hstack([np.eye(3), [[1.0], [2.0], [3.0]]]), np.array([5.0, 5.0, 5.0]))
    assert shift.tolist() == [1, 2, 3] and angle == 0


def test_mosaic_round_trip() -> None:
    slices = np.random.default_rng(0).integers(0, 255, (7, 5, 4), np.uint8)
    np.testing.assert_array_equal(slices_of(mosaic_of(slices, 3), (7, 5, 4), 3), slices)


def test_floor() -> None:
    assert floor((50, 150)) == 0.5
    assert floor((-2, 3)) == floor(None) == floor((5, 5)) == UNKNOWN_FLOOR


def test_folds_keep_persons_together_and_mix_families() -> None:
    groups = {f"A-{i}": f"A-{i}" for i in range(9)} | {f"B-{i}": f"B-{i // 2}" for i in range(12)}
    folds = folds_of(groups)
    assert {
        fold: sum(name.startswith("A") for name in folds if folds[name] == fold) for fold in range(FOLDS)
    } == {0: 3, 1: 3, 2: 3}
    assert all(folds[f"B-{i}"] == folds[f"B-{i + 1}"] for i in range(0, 12, 2))
    assert folds == folds_of(dict(reversed(groups.items())))
    assert family("Brats18_TCIA01_201_1") == family("BraTS19_TCIA10_311_1") == "BraTS18_TCIA"
    assert family("Brats18_2013_11_1") == "BraTS18_2013" and family("BraTS-SSA-00002-000") == "BraTS_SSA"


def write_archive(data: Path, phantom) -> None:
    """Two patients of one head: one lossless with all contrasts, one as mosaics without T2."""
    volumes, _, brain, lesion = phantom
    data.mkdir()
    wide = [(0, 0), (64, 64), (64, 64)]
    image = np.pad(np.stack([encode(volumes[c], brain) for c in range(4)]), [(0, 0), *wide])
    brain, labels = np.pad(brain, wide), np.pad(lesion.astype(np.uint8) * ENHANCING, wide)
    buffer = io.BytesIO()
    np.savez(buffer, img=image, brain=np.packbits(brain, axis=-1), seg=labels)
    (data / "one.npz.xz").write_bytes(lzma.compress(buffer.getvalue()))
    rows, columns = (np.flatnonzero(brain.any(axes)) for axes in ((0, 2), (0, 1)))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    files = {}
    for c in range(4):
        webp = io.BytesIO()
        Image.fromarray(mosaic_of(image[c, :, top:bottom, left:right], 8)).save(webp, "WEBP", quality=95)
        files[f"c{c}"] = np.frombuffer(b"" if c == T2 else webp.getvalue(), np.uint8)
    np.savez(
        data / "two.webp.npz",
        geometry=[64, top, bottom, left, right, 192, 8],
        brain=np.packbits(brain[:, top:bottom, left:right], axis=-1),
        seg=np.frombuffer(lzma.compress(labels[:, top:bottom, left:right].tobytes()), np.uint8),
        **files,
    )
    entry = {
        "percentiles_0p5_99p5": {c: [10, 110] for c in ("t1", "t1ce", "t2", "flair")},
        "spacing_mm": [1, 1, 1],
        "seg_known": True,
    }
    (data / "meta.json").write_text(
        json.dumps(
            {
                "split": {"train": ["one"], "extra": ["two"]},
                "groups": {"person": ["one", "two"]},
                "cases": {
                    "one": entry | {"file": "one.npz.xz", "valid": [True] * 4, "avoid_as_target": ["t1"]},
                    "two": entry | {"file": "two.webp.npz", "valid": [True, True, False, True]},
                },
            }
        )
    )


def test_from_archive_to_tensors(tmp_path: Path, phantom, capsys: pytest.CaptureFixture[str]) -> None:
    data, work, packed = tmp_path / "data", tmp_path / "work", tmp_path / "packed"
    write_archive(data, phantom)
    one, two = read_archive(data)
    assert (
        one.group == two.group == "person"
        and one.target == (False, True, True, True)
        and two.present[T2] is False
    )
    assert one.floors == (0.1,) * 4
    lossless, lossy = one.arrays(), two.arrays()
    np.testing.assert_array_equal(lossless.labels, lossy.labels)
    assert (
        np.abs(lossless.image[T1].astype(int) - lossy.image[T1])[lossless.brain].mean() < 4
        and not lossy.image[T2].any()
    )

    prepare(data, work, workers=1)
    assert "2 patients" in capsys.readouterr().out
    patients = load(work, "prepared")
    assert [r.id for r in patients.records] == ["one", "two"] and [r.fold for r in patients.records] == [
        0,
        -1,
    ]
    record = patients.records[0]
    assert (record.first, record.depth) == (64, 64) and record.segmented and len(record.transforms[0]) == 12
    brain = (patients.labels[0] & BRAIN) > 0
    assert int(brain.sum()) == lossless.brain.sum() and not patients.labels[0, :64].any()
    white = np.pad(white_matter(*phantom[:1], phantom[2], phantom[3]), [(64, 64)] * 3)
    for c in range(4):
        assert abs(np.median(decode(patients.images[0, c].numpy())[white]) - WHITE_MATTER) < 0.02
    stored = load(work, "stored", splits=("train",))
    assert len(stored) == 1 and stored.records[0].source_scales == ((1.0, 0.0),) * 4
    np.testing.assert_array_equal(stored.images[0, :, 64:128].numpy(), lossless.image)

    compare_shading(load(work, "registered"), patients)
    pack(work, packed, size_mb=5, variant="prepared")
    again = load(packed, "prepared")
    assert again.records == patients.records and bool((again.labels == patients.labels).all())
    assert float((again.images.float() - patients.images.float()).abs().mean()) < 1
    assert "dB" in capsys.readouterr().out
    with pytest.raises(ValueError, match="already"):
        pack(work, packed, size_mb=5)
    with pytest.raises(ValueError, match="prepared"):
        load(packed, "stored")

    as_without_labels(patients, lossless)
    folds_of_the_archive(data, work, tmp_path / "more")
    entry = json.loads((work / "one.json").read_text())
    del entry["source_anchors"]
    (work / "one.json").write_text(json.dumps(entry))
    with pytest.raises(ValueError, match="one: its record lacks the anchors of sources"):
        load(work)
    assert len(load(work, "stored")) == 2

    montage(work, tmp_path / "pictures")
    assert (tmp_path / "pictures" / "one.png").is_file() and (
        tmp_path / "pictures" / "overview_t2_prepared.png"
    ).is_file()


def folds_of_the_archive(data: Path, work: Path, more: Path) -> None:
    """Who is prepared already does not decide who is left out together with whom."""
    shutil.copytree(data, more)
    meta = json.loads((more / "meta.json").read_text())
    meta["split"]["train"].insert(0, "first")
    meta["cases"]["first"] = meta["cases"]["one"] | {"file": "first.npz.xz"}
    (more / "meta.json").write_text(json.dumps(meta))
    (more / "first.npz.xz").write_bytes(b"")
    shutil.copytree(work, work / "again")
    with pytest.raises(RuntimeError, match="Not prepared: first"):
        prepare(more, work / "again", workers=1)
    found = load(work / "again", splits=("train",))
    assert [(r.id, r.fold) for r in found.records] == [("one", 1)]
    entry = json.loads((work / "one.json").read_text())
    del entry["fold"]
    (work / "again" / "one.json").write_text(json.dumps(entry))
    with pytest.raises(ValueError, match="one: its record lacks the fold. Run synthesis.data.prepare again"):
        load(work / "again")


def compare_shading(registered: Patients, prepared: Patients) -> None:
    """The registered variant is the prepared one under each contrast's shading, with the same anchors."""
    record = registered.records[0]
    assert record.anchors == prepared.records[0].anchors
    brain = (registered.labels[0, 64:128] & BRAIN).numpy() > 0
    for c in range(4):
        centre, coefficients = record.shading[c][:3], record.shading[c][3:]
        factor = Shading(to_triple(centre), coefficients).factor(brain.shape, 1.0)
        kept, removed = (
            Anchor(*record.anchors[c]).stored(decode(p.images[0, c, 64:128].numpy()))
            for p in (registered, prepared)
        )
        expected = (removed + 0.1) * factor - 0.1
        unclipped = brain & (prepared.images[0, c, 64:128].numpy() < 255)
        assert np.abs(kept - expected)[unclipped].max() < 0.02


def as_without_labels(patients: Patients, stored: Stored) -> None:
    """Sources have the intensities that one gets without labels, and are the target's on a line."""
    brain, nothing = stored.brain, np.zeros_like(stored.brain)
    sources = dict(enumerate(patients.as_sources(0).numpy()))
    white = white_matter(sources, brain, nothing)
    for c, image in sources.items():
        found = anchor(image, white, brain)
        assert found.white_matter == pytest.approx(WHITE_MATTER, abs=0.005)
        assert found.spread == pytest.approx(SPREAD, rel=0.03)
        assert not image[~brain].any()
        gain, offset = patients.records[0].source_scales[c]
        scaled = np.clip(gain * decode(patients.images[0, c, 64:128].numpy()) + offset, 0, CEILING)
        np.testing.assert_allclose(image[brain], scaled[brain], atol=1e-5)
    assert all(scale != pytest.approx((1, 0), abs=1e-6) for scale in patients.records[0].source_scales)


def test_an_anchor_is_changed_by_gain_and_offset() -> None:
    one, other = Anchor(0.6, 0.12), Anchor(0.55, 0.2)
    stored = np.linspace(0, 1.2, 7, dtype=np.float32)
    gain, offset = one.scale_to(other)
    np.testing.assert_allclose(gain * one.anchored(stored) + offset, other.anchored(stored), atol=1e-6)
    assert one.scale_to(one) == pytest.approx((1, 0), abs=1e-6)


def test_load_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="synthesis.data.prepare"):
        load(tmp_path)
    with pytest.raises(ValueError, match="no such variant"):
        load(tmp_path, "raw")
    with pytest.raises(ValueError, match="meta.json"):
        read_archive(tmp_path)


def test_thick_slices_stand_upright() -> None:
    plane = np.zeros((20, 192), np.uint8)
    plane[-1] = 9  # the top of the head
    shown = upright(plane, 5.0)
    assert shown.shape == (192, 192) and np.flatnonzero(shown.any(1)).mean() < 60


def test_nifti_folder(tmp_path: Path, phantom) -> None:
    volumes, _, brain, lesion = phantom
    for patient in ("BraTS-GLI-00005-000", "BraTS-GLI-00005-001"):
        (tmp_path / patient).mkdir()
        for suffix, v in (
            ("t1n", volumes[T1]),
            ("t1c", volumes[T1CE]),
            ("seg", lesion.astype(np.float32) * 4),
        ):
            image = sitk.GetImageFromArray(np.ascontiguousarray(v[:, ::-1]) * (100 if suffix != "seg" else 1))
            image.SetDirection((1, 0, 0, 0, -1, 0, 0, 0, 1))  # rows from posterior to anterior
            sitk.WriteImage(image, str(tmp_path / patient / f"{patient}-{suffix}.nii.gz"))
    first, second = read_nifti(tmp_path)
    assert (
        first.group == second.group == "BraTS-GLI-00005"
        and first.present == (True, True, False, False)
        and first.segmented
    )
    arrays = first.arrays()
    assert arrays.image.shape[2:] == (192, 192) and set(np.unique(arrays.labels)) == {0, ENHANCING}
    z = np.flatnonzero(brain.any((1, 2)))
    lesion_row = np.argwhere(arrays.labels)[:, 1].mean() - np.argwhere(arrays.brain)[:, 1].mean()
    assert len(arrays.brain) == len(z) and lesion_row == pytest.approx(
        np.argwhere(lesion)[:, 1].mean() - np.argwhere(brain)[:, 1].mean(), abs=1
    )
    low, high = np.percentile(100 * volumes[T1][arrays_mask(volumes)], (0.5, 99.5))
    assert first.floors[T1] == pytest.approx(low / (high - low), abs=0.02)
    with pytest.raises(ValueError, match="no patient folder"):
        read_nifti(tmp_path / "BraTS-GLI-00005-000")


def arrays_mask(volumes: dict[int, np.ndarray]) -> np.ndarray:
    return (volumes[T1] > 0) | (volumes[T1CE] > 0)


def test_anchor_of_nothing_is_harmless() -> None:
    found = anchor(np.zeros((4, 4, 4), np.float32), np.zeros((4, 4, 4), bool), np.ones((4, 4, 4), bool))
    assert isinstance(found, Anchor) and np.isfinite(found.anchored(np.zeros(3, np.float32))).all()


def test_a_person_in_validation_and_training_is_refused_and_whole_lesions_are_known(
    tmp_path: Path, phantom
) -> None:
    data = tmp_path / "data"
    write_archive(data, phantom)
    meta = json.loads((data / "meta.json").read_text())
    assert not any(case.whole_lesion for case in read_archive(data))
    meta["cases"]["one"]["lesion"] = "FLAIR abnormality (2), no sub-regions"
    names = [name for part in meta["split"].values() for name in part]
    meta["split"] = {"train": ["one"], "val": [name for name in names if name != "one"]}
    (data / "meta.json").write_text(json.dumps(meta))
    assert {case.id: case.whole_lesion for case in read_archive(data)}["one"]
    with pytest.raises(ValueError, match="person in validation and in training"):
        prepare(data, tmp_path / "work", workers=1)
    assert not (tmp_path / "work").exists()
