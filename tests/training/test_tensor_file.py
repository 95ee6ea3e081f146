"""Tensors and a text in one file: back as they were, or refused."""

from __future__ import annotations

import json
import pickle

import pytest
import torch
from safetensors.torch import load, save

from aegui.errors import InvalidInput
from aegui.training.tensor_file import pack_tensors, unpack_tensors

TENSORS = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(7, dtype=torch.int64)}


def test_that_tensors_and_text_come_back_as_they_were() -> None:
    found, text = unpack_tensors(pack_tensors(TENSORS, "ρ̂ = 0.05"), "file")
    assert text == "ρ̂ = 0.05" and found.keys() == TENSORS.keys()
    assert all(torch.equal(found[name], TENSORS[name]) for name in TENSORS)


def test_that_views_and_parameters_are_written_as_what_they_show() -> None:
    whole = torch.nn.Parameter(torch.arange(12.0).reshape(3, 4))
    found, _ = unpack_tensors(pack_tensors({"t": whole.T, "row": whole[1]}), "file")
    assert torch.equal(found["t"], whole.T) and torch.equal(found["row"], whole[1])


def test_that_other_programs_read_it_and_theirs_is_read() -> None:
    assert torch.equal(load(pack_tensors(TENSORS))["a"], TENSORS["a"])
    found, text = unpack_tensors(save(TENSORS), "file")
    assert text == "" and torch.equal(found["a"], TENSORS["a"])


def test_that_it_is_written_as_the_library_writes_it() -> None:
    kinds = (torch.float64, torch.float16, torch.int16, torch.int8, torch.uint8, torch.bool, torch.complex64)
    tensors = TENSORS | {str(kind): torch.arange(5).to(kind) for kind in kinds}
    tensors |= {"none": torch.empty(0, 3), "a line": torch.rand(2, 3, 4)}
    data = pack_tensors(tensors, "text")
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert data == save(tensors, metadata=header["__metadata__"])


@pytest.mark.parametrize("bit", range(0, 8 * 4 * 6, 5))
def test_that_a_flipped_bit_of_a_number_is_noticed(bit: int) -> None:
    data = bytearray(pack_tensors({"a": TENSORS["a"]}))
    data[-24 + bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidInput, match=r"^file: is damaged: its checksum does not fit its contents$"):
        unpack_tensors(bytes(data), "file")


@pytest.mark.parametrize("header", ["[]", "{", "null", '{"__metadata__": 3}', '{"a": {"dtype": "F99"}}'])
def test_that_a_header_that_is_none_is_refused(header: str) -> None:
    data = len(header).to_bytes(8, "little") + header.encode()
    with pytest.raises(InvalidInput, match=r"^file: is not a safetensors file, or is damaged"):
        unpack_tensors(data, "file")


def test_that_the_same_tensors_are_the_same_bytes() -> None:
    assert len({pack_tensors(TENSORS, "text") for _ in range(20)}) == 1


def test_that_nothing_is_unpickled() -> None:
    with pytest.raises(InvalidInput):
        unpack_tensors(pickle.dumps({"a": 1}), "file")
