"""Other programs' own loops, on the same network: each as its manual says, with nothing in its way."""

from __future__ import annotations

import logging
import os
import tempfile

import numpy as np

from tests.benchmarks.contestants.contest import CODE, RATE, UNITS, Task, Turn, timed


class Sklearn:
    """MLPRegressor with its samples as targets."""

    def __init__(self, task: Task) -> None:
        from sklearn.neural_network import MLPRegressor

        self._train, self._test = task.arrays()
        self._model = MLPRegressor(
            hidden_layer_sizes=(*UNITS, CODE, *reversed(UNITS)),
            solver="adam",
            alpha=0.0,
            batch_size=task.batch,
            learning_rate_init=RATE,
            random_state=0,
        )

    def train(self, epochs: int) -> Turn:
        turn = Turn(epochs * len(self._train))
        with timed(turn):
            for _ in range(epochs):
                self._model.partial_fit(self._train, self._train)
        return turn

    def score(self) -> float:
        return _mse(self._model.predict(self._test), self._test)


class Keras:
    """``fit`` of Keras 3, compiled as its backend has it."""

    def __init__(self, task: Task, backend: str) -> None:
        os.environ["KERAS_BACKEND"] = backend
        import keras

        keras.utils.set_random_seed(0)
        if backend == "torch":
            import torch

            torch.set_num_threads(task.threads)
        self._train, self._test = task.arrays()
        self._batch = task.batch
        layers = [keras.layers.Dense(n, activation="relu") for n in (*UNITS, CODE, *reversed(UNITS))]
        self._model = keras.Sequential([keras.layers.Input((784,)), *layers, keras.layers.Dense(784)])
        self._model.compile(optimizer=keras.optimizers.Adam(RATE), loss="mse")

    def train(self, epochs: int) -> Turn:
        turn = Turn(epochs * len(self._train))
        with timed(turn):
            self._model.fit(
                self._train, self._train, batch_size=self._batch, epochs=epochs, shuffle=True, verbose=0
            )
        return turn

    def score(self) -> float:
        return _mse(self._model.predict(self._test, batch_size=1000, verbose=0), self._test)


class PyOD:
    """AutoEncoder: its own loop over its own loader, without the scoring that its ``fit`` ends with."""

    def __init__(self, task: Task) -> None:
        import torch
        from pyod.models.auto_encoder import AutoEncoder
        from pyod.utils.torch_utility import TorchDataset

        train, self._test = task.arrays()
        self._detector = AutoEncoder(
            preprocessing=False,
            lr=RATE,
            batch_size=task.batch,
            device=torch.device("cpu"),
            verbose=0,
            optimizer_params={},
            hidden_neuron_list=[*UNITS, CODE],
            batch_norm=False,
            dropout_rate=0.0,
        )
        torch.set_num_threads(task.threads)
        self._detector.data_num, self._detector.feature_size = train.shape
        self._detector.build_model()
        self._detector.training_prepare()
        self._loader = torch.utils.data.DataLoader(
            TorchDataset(X=train), batch_size=task.batch, shuffle=True, drop_last=True
        )
        self._per_epoch = len(self._loader) * task.batch

    def train(self, epochs: int) -> Turn:
        turn = Turn(epochs * self._per_epoch)
        self._detector.epoch_num = epochs
        with timed(turn):
            self._detector.train(self._loader)
        return turn

    def score(self) -> float:
        import torch

        with torch.no_grad():
            found = self._detector.model(torch.from_numpy(self._test)).numpy()
        return _mse(found, self._test)


class Pythae:
    """The steps of its BaseTrainer with an encoder and a decoder of these layers; its loss is a sum."""

    def __init__(self, task: Task) -> None:
        import torch
        from pythae.data.datasets import BaseDataset
        from pythae.models import AE, AEConfig
        from pythae.models.base.base_utils import ModelOutput
        from pythae.models.nn import BaseDecoder, BaseEncoder
        from pythae.trainers import BaseTrainer, BaseTrainerConfig

        from tests.benchmarks.contestants.bare import dense

        logging.disable(logging.INFO)
        layers = list(dense())

        class Encoder(BaseEncoder):
            def __init__(self) -> None:
                super().__init__()
                self.layers = torch.nn.Sequential(*layers[:6])

            def forward(self, x: torch.Tensor) -> ModelOutput:
                return ModelOutput(embedding=self.layers(x))

        class Decoder(BaseDecoder):
            def __init__(self) -> None:
                super().__init__()
                self.layers = torch.nn.Sequential(*layers[6:])

            def forward(self, z: torch.Tensor) -> ModelOutput:
                return ModelOutput(reconstruction=self.layers(z))

        train, self._test = task.arrays()
        samples = BaseDataset(torch.from_numpy(train), torch.zeros(len(train)))
        model = AE(AEConfig(input_dim=(784,), latent_dim=CODE), Encoder(), Decoder())
        config = BaseTrainerConfig(
            output_dir=tempfile.mkdtemp(prefix="aegui-benchmark-pythae-"),
            per_device_train_batch_size=task.batch,
            learning_rate=RATE,
            no_cuda=True,
        )
        self._trainer = BaseTrainer(model, samples, training_config=config)
        torch.set_num_threads(task.threads)
        self._trainer.prepare_training()
        self._per_epoch = sum(len(batch["data"]) for batch in self._trainer.train_loader)

    def train(self, epochs: int) -> Turn:
        turn = Turn(epochs * self._per_epoch)
        with timed(turn):
            for number in range(epochs):
                self._trainer.train_step(number + 1)
        return turn

    def score(self) -> float:
        import torch

        model = self._trainer.model
        with torch.no_grad():
            found = model.decoder(model.encoder(torch.from_numpy(self._test)).embedding)["reconstruction"]
        return _mse(found.numpy(), self._test)


def _mse(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.square(found - wanted).mean())
