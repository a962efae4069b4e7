from __future__ import annotations

import re

import pytest
from huggingface_hub import RepoCard, SpaceCardData

from model.reading.store import load_card, trained_models
from tests.benchmark import report
from tests.helpers.running import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
DOCS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))


def front_matter() -> SpaceCardData:
    data = RepoCard(README).data
    return SpaceCardData(**data.to_dict())


def test_the_front_matter_is_the_very_first_bytes_and_valid() -> None:
    assert README.startswith("---\n")
    data = front_matter()
    assert (data.sdk, data.app_file, data.license) == ("gradio", "app.py", "mit")
    assert len(data.to_dict()["short_description"]) <= 60


def test_the_space_and_the_requirements_name_the_same_gradio() -> None:
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert f"gradio=={front_matter().sdk_version}\n" in requirements


def test_ci_runs_the_readmes_test_command() -> None:
    block = README.split("## Test it", 1)[1].split("```bash\n", 1)[1].split("```", 1)[0]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    _, install_and_test = block.strip().split("\n")
    assert install_and_test.replace("pip install", "pip install -q") in script


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "tests/mutation.md", *DOCS])
def test_a_file_or_path_that_a_text_names_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / name).parent.joinpath(link).exists(), link
    for path in re.findall(r"`((?:app|train|(?:model|ui|tests|docs)/[\w/-]*)(?:\.\w+)?/?)`", text):
        assert (ROOT / path).exists() or "NAME" in path, path


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_the_figures_in_the_readme_are_the_measured_ones(text: str) -> None:
    assert report.put_headlines(text, *report.load(ROOT / "docs" / "benchmark.json")) == text


def test_the_figures_in_the_docs_are_the_measured_ones() -> None:
    rows, scenes = report.load(ROOT / "docs" / "benchmark.json")
    text = (ROOT / "docs" / "measured.md").read_text(encoding="utf-8")
    assert report.put_scenes(report.put_into(text, rows), scenes) == text


def test_the_readme_is_three_screens() -> None:
    assert len(RepoCard(README).text.splitlines()) <= 160


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
def test_the_models_in_the_readme_are_the_trained_ones(text: str) -> None:
    assert report.put_models(text, [load_card(name) for name in trained_models()]) == text


@pytest.mark.parametrize("name", ["README", "docs/learn", "docs/measured"])
def test_both_languages_have_the_same_commands(name: str) -> None:
    def commands(text: str) -> list[str]:
        blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
        return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]

    english, chinese = ((ROOT / f"{name}{end}").read_text(encoding="utf-8") for end in (".md", ".zh-CN.md"))
    assert commands(english)
    assert commands(chinese) == commands(english)


def test_the_workflow_runs_the_readmes_two_commands() -> None:
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    for title, command in (
        ("## Run it", "pip install -r requirements-page.txt"),
        ("## Test it", "pip install -r tests/req"),
    ):
        block = README.split(title, 1)[1].split("```bash\n", 1)[1].split("```", 1)[0]
        (line,) = [line for line in block.splitlines() if line.startswith(command)]
        first, then = line.split(" && ")
        assert first in workflow
        assert then.split()[-1] in workflow
