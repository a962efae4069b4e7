"""What an upload's form holds: files alone, not too many, none of which stays open.

Of a field gradio keeps all bytes in memory, twice, and it leaves each file open until the last one has come: a few
forms of many tiny files took all descriptors of the process.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anyio import to_thread
from gradio import route_utils
from typing_extensions import override

from ui.server.asker import asker

#: Files of one form: four times as many as are read. What gradio keeps of each until all have come takes some 4 kB.
MOST_FILES = 200
#: Fields that aren't files; the page sends none.
MOST_FIELDS = 0


class File(route_utils.GradioUploadFile):
    """A file that is open only while something is written to it."""

    @override
    def __init__(self, file: Any, **named: Any) -> None:
        super().__init__(file, **named)
        file.close()

    @override
    async def write(self, data: bytes) -> None:
        """Write what comes next."""
        await to_thread.run_sync(self._append, data)
        self.size = (self.size or 0) + len(data)

    def _append(self, data: bytes) -> None:
        with Path(str(self.file.name)).open("ab") as file:
            file.write(data)

    @override
    async def seek(self, offset: int) -> None:
        """Nothing, in the place of the way back to its beginning: it is known by its name from here on."""


class Form(route_utils.GradioMultiPartParser):
    """A form that holds files alone, counted for who sends them."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **{**named, "max_files": MOST_FILES, "max_fields": MOST_FIELDS})

    @override
    def on_headers_finished(self) -> None:
        """A file begins, or what is refused."""
        super().on_headers_finished()
        asker().files += 1
