"""The window: the only room that knows Qt. Values come in, and edits and wishes go out."""

from aegui.qt.mirrors import import_pyqtgraph

import_pyqtgraph()
