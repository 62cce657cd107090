"""Work in a copy of the process."""

import os
import signal

import pytest

from kg import beside as module
from kg.beside import beside
from kg.errors import GraphError


class Stubborn(Exception):
    """An error that doesn't survive being sent."""

    def __init__(self, one: str, other: str):
        super().__init__(one)


def fail() -> None:
    raise GraphError("nothing there")


def fail_stubbornly() -> None:
    raise Stubborn("a", "b")


def end_the_copy(parent: int = os.getpid()) -> int:
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


@pytest.mark.skipif(not module.COPIES, reason="this system has no copies of processes")
def test_work_is_done_in_another_process_that_has_all_of_this_one() -> None:
    kept = ["甲"]
    with beside(lambda: (os.getpid(), kept)) as result:
        kept.append("乙")
        process, seen = result()
    assert process != os.getpid() and seen == ["甲"]


@pytest.mark.parametrize("copies", [True, False])
@pytest.mark.parametrize(("work", "error"), [(fail, GraphError), (fail_stubbornly, Stubborn)])
def test_an_error_of_the_work_comes_up_where_its_result_is_waited_for(work, error, copies) -> None:
    with beside(work, copy=copies) as result, pytest.raises(error):
        result()


def test_the_work_of_a_copy_that_dies_is_done_here() -> None:
    with beside(end_the_copy) as result:
        assert result() == os.getpid()


def test_without_a_copy_it_is_done_here_when_its_result_is_asked_for(monkeypatch) -> None:
    done: list[int] = []
    with beside(lambda: done.append(os.getpid()), copy=False) as result:
        assert not done
        result()
    monkeypatch.setattr(module, "COPIES", False)
    with beside(lambda: done.append(os.getpid())) as result:
        result()
    assert done == [os.getpid()] * 2


def test_a_copy_that_nobody_waits_for_ends_with_the_block() -> None:
    def sleep() -> None:
        signal.pause()

    with pytest.raises(KeyError), beside(sleep):
        raise KeyError
