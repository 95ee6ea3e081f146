"""The corruption of an experiment as a function of PyTorch."""

from __future__ import annotations

from aegui.objectives.noise import Space
from aegui.runs.script.text import block
from aegui.spec import (
    Block,
    Blur,
    Gaussian,
    Masking,
    Noise,
    NoNoise,
    Poisson,
    SaltPepper,
    Speckle,
    describe,
)


def noise_source(noise: Noise, space: Space) -> str:
    """``corrupt(clean, generator)``, and what it needs; empty where there is no noise."""
    if isinstance(noise, NoNoise):
        return ""
    head = f'def corrupt(clean, generator):\n    """{_sentence(noise)}"""\n'
    lines, needed = _lines(noise, space)
    if not isinstance(noise, Block | Blur):
        ending = f"noisy.clamp_({space.low!r}, {space.high!r})" if noise.clip else "noisy"
        lines = f"{lines}\nreturn {ending}"
    body = "\n".join(f"    {line}" for line in lines.splitlines())
    return "\n\n\n".join([*needed, head + body])


def _sentence(noise: Noise) -> str:
    name = "sigma" if "sigma" in type(noise).model_fields else "p"
    formula = describe(noise, name).formula if name in type(noise).model_fields else ""
    return formula or (type(noise).__doc__ or "").strip()


def _lines(noise: Noise, space: Space) -> tuple[str, list[str]]:
    """The body before the clipping, and functions that it calls."""
    uniform = "drawn = torch.rand(clean.shape, generator=generator, device=clean.device)"
    normal = "drawn = torch.randn(clean.shape, generator=generator, device=clean.device)"
    match noise:
        case Gaussian(sigma=sigma):
            return f"{normal}\nnoisy = torch.add(clean, drawn, alpha={sigma!r})", []
        case Speckle(sigma=sigma):
            return f"{normal}\nnoisy = torch.addcmul(clean, clean, drawn, value={sigma!r})", []
        case Masking(p=p):
            return f"{uniform}\nnoisy = clean * (drawn >= {p!r})", []
        case SaltPepper(p=p):
            low = f"noisy = clean.masked_fill(drawn < {p!r} / 2, {space.low!r})"
            return f"{uniform}\n{low}\nnoisy = noisy.masked_fill(drawn >= 1 - {p!r} / 2, {space.high!r})", []
        case Poisson(peak=peak):
            return _POISSON.replace("PEAK", repr(peak)), []
        case Block(side=side):
            return _BLOCK.replace("LOW", repr(space.low)), [_hidden(side, space)]
        case Blur(sigma=sigma):
            return _blur(sigma, space)
    raise AssertionError(noise)


_POISSON = block("""
    seed = torch.randint(2**62, (1,), generator=generator, device=clean.device)
    mean = (clean * PEAK).clamp_(min=0)
    counts = torch.Generator(mean.device).manual_seed(int(seed))
    noisy = torch.poisson(mean, generator=counts).div_(PEAK)
""")
_BLOCK = block("""
    place = torch.rand((len(clean), 2), generator=generator, device=clean.device)
    return clean.masked_fill(hidden(place), LOW)
""")


def _hidden(side: float, space: Space) -> str:
    channels, height, width = space.grid
    down, across = (max(1, round(side * size)) if side > 0 else 0 for size in (height, width))
    return block(f'''
        def within(place, size, reach):
            """(B, size): whether a pixel lies in the stretch that starts at a place in 0..1."""
            start = (place * (size - reach + 1)).floor().clamp_(max=size - reach)[:, None]
            at = torch.arange(size, device=place.device)
            return (at >= start) & (at < start + reach)


        def hidden(place):
            """Which features (B, k) of each sample are hidden: {down}×{across} of {height}×{width}."""
            rows, columns = within(place[:, 0], {height}, {down}), within(place[:, 1], {width}, {across})
            block = rows[:, :, None] & columns[:, None, :]
            return block[:, None].expand(-1, {channels}, -1, -1).reshape(len(place), -1)
    ''')


def _blur(sigma: float, space: Space) -> tuple[str, list[str]]:
    channels, height, width = space.grid
    lines = [f"x = clean.reshape(-1, 1, {height}, {width})  # every channel by itself"]
    for axis, size in (("down", height), ("across", width)):
        if size > 1 and sigma >= _NO_BLUR:
            lines.append(f'x = smeared(x, gaussian({sigma!r}, {size}).to(x), "{axis}")')
    lines.append(f"return x.reshape(len(clean), {channels * height * width})")
    return "\n".join(lines), [_SMEARED] if sigma >= _NO_BLUR else []


_NO_BLUR = 1e-3  # pixels, as in the corruption itself
_SMEARED = block('''
    def gaussian(sigma, size):
        """A sampled Gaussian of sum 1, cut off at 4 σ and at the picture's own size."""
        reach = max(1, min(round(4.0 * sigma), size - 1))
        at = torch.arange(-reach, reach + 1, dtype=torch.float32)
        weights = torch.exp(-0.5 * (at / sigma) ** 2)
        return weights / weights.sum()


    def smeared(x, kernel, axis):
        """A picture with mirrored borders, convolved along one axis."""
        reach = len(kernel) // 2
        border = (0, 0, reach, reach) if axis == "down" else (reach, reach, 0, 0)
        shape = (1, 1, -1, 1) if axis == "down" else (1, 1, 1, -1)
        return F.conv2d(F.pad(x, border, mode="reflect"), kernel.view(shape))
''')
