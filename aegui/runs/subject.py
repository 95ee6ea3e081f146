"""The network of a run on disk, ready to be measured."""

from __future__ import annotations

from aegui.analysis.metrics import Subject
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.objectives.noise import Space
from aegui.runs.folder import RunFolder
from aegui.training.device import pick_device
from aegui.training.kept_noise import kept_noise
from aegui.training.samples import Samples


def subject_of_run(
    folder: RunFolder, dataset: Dataset | None = None, *, own: Dataset | None = None
) -> Subject:
    """The trained network of a run, on its own data or on others of the same shape.

    ``own`` are the run's own data where they have been loaded before. Raises InvalidInput.
    """
    experiment = folder.experiment()
    own = own or load_dataset(experiment.data, experiment.seed)
    dataset = dataset or own
    device = pick_device(experiment.training.device)
    test = Samples(dataset, dataset.test, device)
    return Subject(
        experiment,
        dataset,
        folder.model(own).to(device),
        Samples(dataset, dataset.train, device),
        test,
        kept_noise(experiment, test, Space.of(dataset.facts())),
    )
