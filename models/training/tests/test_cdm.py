"""The training of the C-UNet on phantoms: no patient data, no trained weights."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from long import long
from phantoms import phantoms
from torch import Tensor, nn

from synthesis import CEILING, CONTRASTS, ENHANCING, FLAIR, MS, SIDE, T1, T1CE, T2
from synthesis.common.conv_norm import fuse
from synthesis.common.fold_training import training_indices
from synthesis.common.prediction import others
from synthesis.common.training import Schedule
from synthesis.common.weights import weights_file
from synthesis.data.patients import Patients
from synthesis.methods.cdm import augment, crps, train_mdn, train_mrm
from synthesis.methods.cdm.__main__ import main
from synthesis.methods.cdm.ablation import STEPS, nested, recipe_at
from synthesis.methods.cdm.batches import Batch, Sampler
from synthesis.methods.cdm.cunet import NEIGHBOURS, OUTPUTS, SLICES, CUNet, Output
from synthesis.methods.cdm.lesion_paste import generate, paste
from synthesis.methods.cdm.losses import image_loss, lesion_loss, total_loss
from synthesis.methods.cdm.mrm import Tokenizer
from synthesis.methods.cdm.predict import predictor, volume
from synthesis.methods.cdm.recipe import Recipe
from synthesis.methods.cdm.stages import STAGES, Training, member_name, train
from synthesis.methods.cdm.train_cunet import distilled, train_cunet
from synthesis.referee import train as referee

torch.set_num_threads(1)

TINY = Recipe(
    channels=(8, 8, 16, 16), student_channels=(8, 8, 16, 16), blocks=(0, 0, 0, 0), code=8, crop=64, batch=4
)


@pytest.fixture(scope="module")
def patients() -> Patients:
    return phantoms(3)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawn(patients: Patients, recipe: Recipe, seed: int) -> Batch:
    return Sampler(patients, list(range(len(patients))), recipe).draw(generator(seed))


def test_a_batch_has_what_the_network_takes(patients: Patients) -> None:
    for seed in range(6):
        batch = drawn(patients, TINY, seed)
        assert batch.images.shape == (
            4,
            len(CONTRASTS) * SLICES,
            64,
            64,
        ) and batch.truth.shape == batch.weight.shape == (4, OUTPUTS, 64, 64)
        given = batch.images.unflatten(1, (len(CONTRASTS), SLICES)).flatten(2).abs().sum(2) > 0
        assert torch.equal(given, batch.availability > 0), (
            "a contrast that is not available has an image, or the other way round"
        )
        assert ((batch.availability.sum(1) >= 1) & (batch.availability.sum(1) < len(CONTRASTS))).all()
        assert (
            batch.plane.sum(1).eq(1).all()
            and 0 <= float(batch.images.min())
            and float(batch.images.max()) <= 1.275
        )


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without augmentation."""
    for name in (
        "SHARED_CURVE",
        "OWN_CURVE",
        "GAIN",
        "OFFSET",
        "SHARED_SHADING",
        "OWN_SHADING",
        "NOISE",
        "TURN",
        "STRETCH",
    ):
        monkeypatch.setattr(augment, name, 0.0)


def test_a_crop_that_is_not_turned_has_the_pixels_of_the_slice() -> None:
    slices = torch.rand(8, 1, 192, 192, generator=generator())
    centres = torch.linspace(80.3, 110.9, 16).view(8, 2)
    maps = augment.maps(generator(), centres, 64, 192, mirror=True, turned=False)
    crops = augment.warp(slices, maps, 64)
    for image, crop, (row, column) in zip(slices, crops, centres.int().tolist(), strict=True):
        own = image[:, row - 32 : row + 32, column - 32 : column + 32]
        assert any(torch.allclose(crop, kept, atol=1e-4) for kept in (own, own.flip(2)))


def test_images_that_are_not_augmented_are_those_of_the_patient(patients: Patients) -> None:
    batch = drawn(patients, replace(TINY, augmented=False, paste=False), 0)
    images = batch.images.unflatten(1, (len(CONTRASTS), SLICES))[:, :, NEIGHBOURS]
    given = batch.availability > 0
    torch.testing.assert_close(images[given], batch.truth[:, : len(CONTRASTS)][given], atol=0.05, rtol=0)


def test_without_augmentation_the_truth_is_the_patient(patients: Patients, plain: None) -> None:
    recipe = replace(TINY, planes=1, paste=False)
    batch = drawn(patients, recipe, 3)
    centre = batch.images[:, NEIGHBOURS::SLICES]
    inside = (batch.weight[:, T1] > 0) & (batch.availability[:, T1] > 0)[:, None, None]
    error = (centre[:, T1] - batch.truth[:, T1])[inside].abs()
    assert len(error) > 500 and float(error.median()) < 0.02
    grey = batch.truth[:, T1][(batch.labels == 0) & (batch.weight[:, T1] > 0)]
    assert 0.3 < float(grey.median()) < 0.55


def test_sources_are_anchored_without_labels_and_the_truth_with_them(patients: Patients, plain: None) -> None:
    recipe, scale = replace(TINY, planes=1, paste=False), (0.7, 0.12)
    records = tuple(replace(r, source_scales=(scale,) * 4) for r in patients.records)
    labelled, unlabelled = (drawn(p, recipe, 3) for p in (patients, replace(patients, records=records)))
    assert torch.equal(labelled.truth, unlabelled.truth) and torch.equal(labelled.weight, unlabelled.weight)
    given = (labelled.images > 0) & (labelled.images < 1.1)
    expected = labelled.images[given] * scale[0] + scale[1]
    near = (unlabelled.images[given] - expected).abs() < 0.01  # not where a slice profile mixes in background
    assert len(expected) > 500 and float(near.float().mean()) > 0.95


def test_a_prediction_and_its_tokens_see_sources_anchored_without_labels(patients: Patients) -> None:
    scales = ((0.7, 0.12), (1.0, 0.0), (1.3, -0.1), (1.0, 0.0))
    records = tuple(replace(r, source_scales=scales) for r in patients.records)
    changed = replace(patients, records=records)
    images, brain = volume(changed, 0, (T1, T2))
    before, _ = volume(patients, 0, (T1, T2))
    for contrast, (gain, offset) in enumerate(scales):
        middle = NEIGHBOURS + contrast * SLICES
        expected = (before[:, middle] * gain + offset).clamp(0, CEILING) * brain * (contrast in (T1, T2))
        assert torch.allclose(images[:, middle], expected, atol=1e-6)
    tokenizer = Tokenizer().eval()
    with_t1ce, other = (train_mrm.tokens_of(tokenizer, p, 0, (T1CE,)) for p in (patients, changed))
    assert torch.equal(with_t1ce, other)
    with_t1, other = (train_mrm.tokens_of(tokenizer, p, 0, (T1,)) for p in (patients, changed))
    assert not torch.allclose(with_t1, other)


def test_a_seed_repeats_a_batch_and_another_does_not(patients: Patients) -> None:
    a, b, c = (drawn(patients, TINY, seed).images for seed in (1, 1, 2))
    assert torch.equal(a, b) and not torch.equal(a, c)


def test_the_loss_leaves_out_what_is_not_to_be_learned(patients: Patients) -> None:
    records = tuple(replace(r, target=(False, True, True, True)) for r in patients.records)
    weight = drawn(replace(patients, records=records), TINY, 0).weight
    assert weight[:, T1].sum() == 0 and weight[:, T2].sum() > 0
    batch = next(
        b for b in (drawn(patients, TINY, seed) for seed in range(30)) if (b.labels == ENHANCING).any()
    )
    core = batch.labels == ENHANCING
    assert batch.weight[:, OUTPUTS - 1][core].sum() == 0, "the plain T1ce learns enhancing voxels"
    learned = batch.weight[:, T1CE].amax((1, 2)) > 0
    assert (batch.weight[learned, T1CE][core[learned]] > 0).all()
    single = drawn(patients, replace(TINY, all_targets=False, planes=1), 1).weight[:, : len(CONTRASTS)]
    assert ((single.amax((2, 3)) > 0).sum(1) <= 1).all()


def test_intensity_curves_rise_and_keep_white_matter() -> None:
    sources, truths = augment.intensity_tables(generator(), 50, 0.5)
    assert (sources[..., 1:].diff(dim=-1) >= -1e-6).all() and (sources[..., 0] == 0).all()
    assert torch.equal(truths[:, T1], truths[:, T1CE]) and not torch.equal(truths[:, T1], truths[:, T2])
    at_white = truths[..., 1 + round(199 * 0.5)]
    assert float((at_white - 0.5).abs().max()) < 6 * augment.OFFSET
    assert augment.plain_table(torch.device("cpu"))[[1, 200]].tolist() == pytest.approx([0, 1])


def test_an_identity_crop_is_exact_and_profiles_keep_the_mean() -> None:
    image = torch.rand(1, 1, SIDE, SIDE)
    theta = torch.tensor([[[64 / SIDE, 0, 0], [0, 64 / SIDE, 0]]])
    assert torch.allclose(augment.warp(image, theta, 64), image[:, :, 64:128, 64:128], atol=1e-4)
    assert torch.allclose(augment.slice_profiles(generator(), 40, SLICES).sum(-1), torch.ones(40, 4, SLICES))


def test_a_pasted_lesion_keeps_its_contrast() -> None:
    recipient, donor = torch.full((1, 4, 5, 32, 32), 0.5), torch.full((1, 4, 5, 32, 32), 0.5)
    donor[..., 8:24, 8:24] = 0.9
    labels = torch.zeros(1, 5, 32, 32, dtype=torch.uint8)
    lesion = labels.clone()
    lesion[..., 8:24, 8:24] = ENHANCING
    inside = torch.ones_like(labels, dtype=torch.bool)
    half = inside.clone()
    half[..., :16] = False
    images, found = paste(recipient, labels, half, donor, lesion, inside)
    assert images[0, T1, 2, 16, 19] == pytest.approx(0.9) and found[0, 2, 16, 19] == ENHANCING
    assert images[0, T1, 2, 16, 10] == 0.5 and found[0, 2, 16, 10] == 0, (
        "pasted outside the recipient's brain"
    )


def test_generated_lesions_lie_in_white_matter_and_have_negatives() -> None:
    count = 60
    images = torch.full((count, 4, 5, 64, 64), 0.5)
    images[..., :32] = 0.3
    labels, inside = (
        torch.zeros(count, 5, 64, 64, dtype=torch.uint8),
        torch.ones(count, 5, 64, 64, dtype=torch.bool),
    )
    made, found = generate(generator(), images, labels, inside)
    change = made - images
    lesions = (found == MS).flatten(1).any(1)
    assert 0.3 < lesions.float().mean() < 0.95
    assert (found[..., :30] == 0).all(), "a lesion outside white matter"
    flair = torch.stack([c[FLAIR].flatten()[c[FLAIR].abs().flatten().argmax()] for c in change])
    assert (flair[lesions] > 0).all() and (flair[~lesions] <= 0).all() and (flair < -0.03).any()
    assert (change[:, T2] >= 0).all() and (change[:, T1] <= 0).all()


def test_a_perfect_prediction_costs_least(patients: Patients) -> None:
    batch = drawn(patients, TINY, 0)
    logits = (
        torch.nn.functional.one_hot(
            nn.functional.max_pool2d(batch.labels[:, None].float(), 2)[:, 0].long(), 5
        ).movedim(-1, 1)
        * 20.0
    )
    perfect = Output(batch.truth, torch.full_like(batch.truth, 0.05), logits, torch.zeros(1))
    wrong = Output(1 - batch.truth, perfect.scale, -logits, torch.zeros(1))
    assert float(lesion_loss(perfect, batch)) < 0.05 < float(lesion_loss(wrong, batch))
    assert float(image_loss(perfect, batch, T2, 1.0)) < float(image_loss(wrong, batch, T2, 1.0))
    assert float(total_loss(perfect, batch, 0, TINY)) < float(total_loss(wrong, batch, 0, TINY))
    off = perfect._replace(mean=batch.truth + 0.1, scale=torch.full_like(batch.truth, 0.1))
    for factor in (0.2, 5.0):
        assert image_loss(off, batch, 0, 1.0) < image_loss(
            off._replace(scale=off.scale * factor), batch, 0, 1.0
        ), "a wrong expected error costs nothing"


def test_fused_network_is_the_same_and_copies_sources_before_it_has_learned() -> None:
    torch.manual_seed(0)
    network = CUNet(TINY).eval()
    images = torch.rand(2, 20, 32, 32)
    flags, plane = torch.tensor([[1.0, 0, 0, 0], [1, 1, 0, 1]]), torch.tensor([[1.0, 0, 0], [0, 1, 0]])
    before = network(images, flags, plane)
    assert (
        before.mean.shape == (2, OUTPUTS, 32, 32)
        and before.lesion.shape == (2, 5, 16, 16)
        and before.features.shape == (2, 16, 4, 4)
    )
    fuse(network)
    after = network(images, flags, plane)
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(before, after, strict=True))


def test_a_student_learns_from_the_network_trained_without_the_patient(patients: Patients) -> None:
    batch = drawn(patients, TINY, 0)
    fold = int(batch.fold[0])
    with torch.no_grad():
        teacher = CUNet(TINY).eval()
        with_cudnn: list[bool] = []
        teacher.register_forward_hook(lambda *_: with_cudnn.append(torch.backends.cudnn.enabled))
        student_batch = distilled(batch, {fold: teacher})
    assert with_cudnn == [torch.backends.cudnn.enabled]
    changed = (student_batch.truth != batch.truth).flatten(1).any(1)
    assert torch.equal(changed, batch.fold == fold)


def test_members_never_see_their_fold_or_its_persons(patients: Patients) -> None:
    records = list(patients.records)
    records.append(replace(records[0], id="again", split="extra", fold=-1))
    records.append(replace(records[0], id="other", split="extra", fold=-1, group="somebody"))
    records.append(replace(records[0], id="validation", split="val", fold=-1, group="val"))
    more = Patients(tuple(records), patients.images, patients.labels)
    assert [more.records[i].id for i in training_indices(more, 0)] == ["phantom-1", "phantom-2", "other"]
    assert "validation" not in [more.records[i].id for i in training_indices(more, None)]
    assert set(nested(more, 0, 1)) <= set(nested(more, 0, 2)) and len(nested(more, 0, 99)) == 3


def test_weights_of_fixed_statistics_keep_them_where_a_training_goes_on(
    patients: Patients, tmp_path: Path
) -> None:
    def statistics(run: str, start: str | None = None) -> Tensor:
        """The means that a training of one step ends with."""
        recipe = replace(TINY, batch=2, fixed_norms=True)
        folder = tmp_path / run
        recipe.write(folder / "recipe.json")
        trained = train_cunet(
            recipe,
            patients,
            [0, 1],
            Schedule(1e-6, steps=1),
            name="member-0",
            run=folder,
            seed=3 if start else 2,
            start=tmp_path / start if start else None,
        )
        return torch.cat([v for k, v in trained.state_dict().items() if k.endswith("running_mean")])

    first = statistics("first").half().float()
    assert torch.equal(statistics("again", "first"), first)
    (tmp_path / "first/recipe.json").unlink()
    assert not torch.equal(statistics("unknown", "first"), first)


def test_every_step_adds_one_thing() -> None:
    names = list(STEPS)
    for before, after in zip(names, names[1:], strict=False):
        a, b = recipe_at(Recipe(), before), recipe_at(Recipe(), after)
        assert {f for f in vars(a) if getattr(a, f) != getattr(b, f)} == set(STEPS[after])
    assert recipe_at(Recipe(), names[-1]) == Recipe()
    with pytest.raises(ValueError, match="no step"):
        recipe_at(Recipe(), "more of everything")


def test_a_recipe_with_a_wrong_name_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    file.write_text('{"batch": 8, "chanels": [1]}')
    with pytest.raises(ValueError, match="recipe.json.*chanels"):
        Recipe.read(file)
    Recipe().write(file)
    assert Recipe.read(file) == Recipe()


def test_predictions_are_zero_outside_the_brain_and_refuse_a_missing_source(patients: Patients) -> None:
    network = CUNet(TINY).eval()
    found = predictor(network)(patients, 0, (T1, T2))
    record = patients.records[0]
    brain = patients.labels[0, record.first : record.first + record.depth] > 0
    assert found.mean.shape == (OUTPUTS, record.depth, SIDE, SIDE) and found.mean[:, ~brain].abs().max() == 0
    assert torch.allclose(found.lesion.sum(0)[brain], torch.ones(1), atol=1e-3)
    lacking = replace(
        patients, records=(replace(record, present=(True, True, False, True)), *patients.records[1:])
    )
    with pytest.raises(ValueError, match="phantom-0 has no t2"):
        predictor(network)(lacking, 0, (T1, T2))
    assert others(T1CE, (True, True, False, True)) == (T1, FLAIR)


@long
def test_everything_is_trained_by_the_clock(
    patients: Patients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--deadline` on a CPU: all stages write weights, and none takes the time of others. Batches are small,
    because a step of the usual size takes seconds."""
    for module, name, small in ((train_mdn, "BATCH", 1), (train_mdn, "KEYS", 4), (crps, "COUNT", 4)):
        monkeypatch.setattr(module, name, small)
    for module in (train_mrm, referee):
        monkeypatch.setattr(module, "BATCH", 2)
    train(Training(replace(TINY, batch=2), patients, tmp_path, deadline=20.0), list(STAGES))
    names = [
        *(member_name(fold) for fold in range(3)),
        "student",
        "mrm",
        *(f"referee-{fold}" for fold in range(3)),
    ]
    for name in names:
        assert weights_file(tmp_path, name).exists(), f"{name} left no weights"
    assert (tmp_path / "comparison.json").exists() and "slices a second" in (
        tmp_path / "speed.md"
    ).read_text()
    with (tmp_path / "member-0.csv").open() as file:
        assert float(list(csv.reader(file))[-1][2]) < 10, "a third of the members' share"
    assert all(file.stat().st_size < 16_000_000 for file in tmp_path.glob("*.half.pt"))


def test_wrong_arguments_end_with_a_message(tmp_path: Path) -> None:
    given = ["train", "--run", str(tmp_path / "run"), "--data"]
    for more, message in (
        ([str(tmp_path / "nowhere")], "nowhere: no such folder"),
        ([str(tmp_path), "--stage", "everything"], "There is no stage everything; there are members"),
        ([str(tmp_path), "--fold", "0"], "--fold does not go with referee, student"),
    ):
        with pytest.raises(SystemExit, match=message):
            main(given + more)
    with pytest.raises(SystemExit, match="no step top; there are base"):
        main(["ablate", *given[1:], str(tmp_path), "--only", "top"])
    assert not (tmp_path / "run").exists()


def test_scoring_never_trains(tmp_path: Path) -> None:
    for command, name in (("evaluate", "member-0"), ("downstream", "referee-2")):
        with pytest.raises(SystemExit, match=f"no weights of .*{name}.*Train them first"):
            main([command, "--data", str(tmp_path), "--run", str(tmp_path / "run")])


def test_a_lesion_of_unknown_parts_may_enhance(patients: Patients) -> None:
    records = tuple(replace(r, whole_lesion=True) for r in patients.records)
    recipe = replace(TINY, paste=False)
    drawn_batches = (drawn(replace(patients, records=records), recipe, seed) for seed in range(30))
    batch = next(b for b in drawn_batches if (b.labels > 0).any())
    assert batch.whole.all() and batch.weight[:, OUTPUTS - 1][batch.labels > 0].sum() == 0


DISTRIBUTED = """
import sys, torch
from dataclasses import replace
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from phantoms import phantoms
from synthesis.methods.cdm.recipe import Recipe
from synthesis.methods.cdm.stages import Training, members, residuals
from synthesis.common.processes import join
torch.set_num_threads(1)
join()
tiny = Recipe(channels=(8, 8, 16, 16), blocks=(0, 0, 0, 0), code=8, crop=32, batch=2)
tiny = replace(tiny, member_steps=3, mrm_steps=1)
t = Training(tiny, phantoms(2), Path(sys.argv[1]))
total = sum(float(p.detach().abs().sum()) for network in members(t).values() for p in network.parameters())
print(f"weights {total:.6f}", flush=True)
print(f"cases {len(residuals(t))}", flush=True)
"""


@long
def test_two_processes_train_one_network(tmp_path: Path) -> None:
    script = tmp_path / "both.py"
    script.write_text(DISTRIBUTED)
    here = Path(__file__).parent
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        str(script),
    ]
    command += [str(tmp_path / "run"), str(here.parent), str(here)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert ran.returncode == 0, ran.stderr[-2000:]
    weights, cases = (
        [line for line in ran.stdout.splitlines() if line.startswith(word)] for word in ("weights", "cases")
    )
    assert len(weights) == 2 and len(set(weights)) == 1, "the processes have different networks"
    assert len(cases) == 2 and len(set(cases)) == 1 and cases[0] != "cases 0"
    assert weights_file(tmp_path / "run", member_name(1)).exists()
