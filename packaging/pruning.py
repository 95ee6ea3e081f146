"""What of the libraries stays out of the frozen folder, for ``packaging/aegui.spec``.

Each rule says why. ``packaging/smoke`` and the tests of the installers prove that nothing needed goes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath

Entry = tuple[str, str, str]  # of PyInstaller: place in the folder, file it comes from, kind

# Never imported here, or only where something else is asked for. What is linked with a library of the
# system would make the package depend on it.
EXCLUDED = [
    "tkinter",  # another toolkit
    "IPython",
    "pytest",
    "readline",
    "setuptools",
    "sqlite3",
    "PySide6.QtDBus",  # the bindings; Qt's own library stays, its plugins need it
    "PySide6.QtNetwork",
    "PySide6.QtTest",
    "matplotlib.tests",
    "sklearn.externals.conftest",
    "torch.utils.tensorboard",
]

_UNUSED = re.compile(
    "|".join(
        (
            r"torch/((include|share|test)/|bin/(?!torch_shm_manager$))",  # not torch.testing
            r"torch/lib/[^/]*(_test|test_|_with_compiler|_custom_ops)[^/]*$",  # the same as libraries
            r"(numpy|scipy|sklearn|matplotlib|onnx|networkx|sympy|pyqtgraph)/(.+/)?tests?/",
            r"onnx/backend/",
            r"matplotlib/mpl-data/sample_data/",
            r"pyqtgraph/examples/",
            r"PySide6/(Qt/)?translations/",  # of Qt's own dialogs; the program speaks one language
            r"PySide6/(Qt/)?plugins/(egldeviceintegrations|generic|networkinformation|tls)/",
            r"PySide6/(Qt/)?plugins/platforms/[^/]*q(eglfs|linuxfb|minimalegl|vkkhrdisplay|vnc)\.",
            r"PySide6/(Qt/)?plugins/platformthemes/[^/]*qgtk3\.",  # would ask for all of GTK
            r"PySide6/(Qt/)?plugins/imageformats/[^/]*q(icns|tga|tiff|wbmp|webp|pdf)\.",  # Pillow reads them
            r"PySide6/(Qt/)?plugins/wayland-graphics-integration-client/[^/]*(vulkan|drm-egl|shm-emulation)-",
            r"PySide6/(Qt/)?plugins/wayland-shell-integration/[^/]*(fullscreen|ivi)-shell",
        )
    )
)
_QT_LIBRARY = re.compile(r"PySide6/Qt/lib/|PySide6/Qt6[^/]*\.dll$")
_OF_THE_SYSTEM = re.compile(r"/(usr/)?lib(64)?/")


def used(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that the program may load."""
    kept = [entry for entry in entries if not _UNUSED.match(PurePath(entry[0]).as_posix())]
    return [entry for entry in kept if not _is_of_the_system(entry)]


def without_unreachable_qt(binaries: list[Entry], datas: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Both without the libraries of Qt that no remaining binding, plugin or library asks for.

    On macOS each is a folder with files that belong together, and all stay.
    """
    if sys.platform == "darwin":
        return binaries, datas
    libraries = {Path(e[1]).name: e for e in binaries if _QT_LIBRARY.match(PurePath(e[0]).as_posix())}
    others = [e for e in binaries if e not in libraries.values()]
    reached = _reached((e[1] for e in others if "PySide6" in e[0] or "shiboken6" in e[0]), libraries)
    gone = {e[0] for name, e in libraries.items() if name not in reached}
    return (
        [e for e in binaries if e[0] not in gone],
        [e for e in datas if e[2] != "SYMLINK" or PurePath(e[1]).as_posix() not in gone],
    )


def _reached(files: Iterable[str], libraries: dict[str, Entry]) -> set[str]:
    from PyInstaller.depend.bindepend import get_imports  # not there where this is tested

    reached: set[str] = set()
    waiting = list(files)
    while waiting:
        names = {PurePath(name).name for name, _ in get_imports(waiting.pop())}
        new = (names & libraries.keys()) - reached
        reached |= new
        waiting += [libraries[name][1] for name in new]
    return reached


def _is_of_the_system(entry: Entry) -> bool:
    """On Linux: copies of the system's libraries would not fit its drivers; the package depends on them."""
    place, source, kind = entry
    return (
        sys.platform == "linux"
        and kind == "BINARY"
        and bool(_OF_THE_SYSTEM.match(source))
        and not PurePath(place).name.startswith("libpython")
    )
