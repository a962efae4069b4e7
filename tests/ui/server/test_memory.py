"""What the server remembers of visitors who have gone."""

from __future__ import annotations

import json
import signal

import httpx
import pytest

from tests.helpers.running import ROOT
from tests.helpers.server import serving
from tests.helpers.visitor import Visitor
from ui.server.memory import Recent

pytestmark = pytest.mark.server

#: app.py that remembers three of each, and prints at its end how many of what it remembers.
COUNTING = """
import json, sys, app
from gradio.routes import file_upload_statuses as progress
from ui.server import inside, queue
queue.MAX_SESSIONS = inside.MAX_PROGRESS = 3
made, build = [], app.build_demo
app.build_demo = lambda *given: made.append(build(*given)) or made[0]
status = app.main()
demo, queue = made[0], made[0]._queue
files = [demo.upload_file_set, *demo.temp_file_sets, *(block.temp_files for block in demo.blocks.values())]
sessions = [queue.pending_messages_per_session, queue.pending_event_ids_session]
values = [session.config_values for session in demo.state_holder.session_data.values()]
others = [queue.event_analytics, progress._statuses, progress._signals]
print(json.dumps([sum(map(len, files + values)), [*map(len, sessions)], [*map(len, others)]]))
sys.exit(status)
"""


def test_nothing_of_uploads_and_little_of_their_progress_and_the_queue_is_remembered() -> None:
    content = (ROOT / "examples" / "3-drawn.png").read_bytes()
    with serving("-c", COUNTING) as server:
        for number in range(5):
            with Visitor(server) as visitor:
                photo = visitor.upload(f"{number}.png", content)
                assert 'is-digit"' in visitor.run("show_photo", photo, "cnn", False, "en")
                visitor.run("choose_mistake", {"choice": str(number)}, "cnn", "en")
                assert visitor.run("read_mistake", "cnn", None)["orig_name"], "which was chosen is remembered"
                assert f">{number}.png<" in visitor.wait_for("read_several", [photo], "en", None)["rows"]
            upload = f"{server.url}/gradio_api/upload?upload_id=number-{number}"
            assert httpx.post(upload, files={"files": ("3.png", content)}).status_code == 200
        progress = httpx.get(f"{server.url}/gradio_api/upload_progress?upload_id=number-4")
        assert progress.text.endswith('data: {"msg": "done"}\n\n')
        status, out = server.page.end(signal.SIGTERM)
    assert (status, json.loads(out)) == (0, [0, [3, 3], [1, 2, 3]])


def test_what_is_in_use_is_remembered() -> None:
    recent: Recent[int] = Recent(3)
    for number in range(10):
        recent[str(number)] = number
        assert recent["0"] == 0
    assert [*recent] == ["8", "9", "0"]
    with pytest.raises(KeyError):
        recent["1"]
