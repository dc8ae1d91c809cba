"""What reads a learner's objects outlives them, in cells and between cells."""

from __future__ import annotations

import pytest

from tests.kernel.kernel import Kernel

OBJECT = '''
class Odd:
    """A tensor that does something else whenever it is asked for `where`."""

    def __init__(self, data=(1.0, 2.0), creators=None, creation_op=None):
        self.held = np.array(data), None, creators, creation_op

    def asked(self, name):
        if name == where:
            trap()

    @property
    def data(self):
        self.asked("data")
        return self.held[0]

    @property
    def grad(self):
        self.asked("grad")
        return self.held[1]

    @property
    def creators(self):
        self.asked("creators")
        return self.held[2]

    @property
    def creation_op(self):
        self.asked("creation_op")
        return self.held[3]

    def __getattr__(self, name):
        self.asked("__getattr__")
        raise AttributeError(name)

    def __array__(self, *args, **kwargs):
        self.asked("__array__")
        return self.held[0]

    def __repr__(self):
        self.asked("__repr__")
        return "odd"

    __str__ = __repr__

    def __len__(self):
        self.asked("__len__")
        return len(self.held[0])

    def __bool__(self):
        self.asked("__bool__")
        return True

    def __eq__(self, other):
        self.asked("__eq__")
        return self is other

    __hash__ = object.__hash__

    def backward(self, grad=None):
        self.asked("backward")

from gradwidgets import BackwardStepper, GraphView, trace_backward, watch
where = None
leaf = Odd()
root = Odd((2.0, 4.0), [leaf, leaf], "add")

def steps():
    global where
    for where in asked:
        yield root
'''

ASKED = [
    "data", "grad", "creators", "creation_op", "__getattr__", "__array__", "__repr__", "__len__",
    "__bool__", "__eq__", "backward",
]  # fmt: skip
READERS = {
    "GraphView": "GraphView(root).close()",
    "update": "view.update()",
    "BackwardStepper": "BackwardStepper(root).close()",
    "trace_backward": "trace_backward(root).walk()",
    "watch": "for loss in watch(steps()): pass",
}


@pytest.fixture(scope="module")
def reading(kernel: Kernel) -> Kernel:
    kernel.run(OBJECT)
    kernel.run("view = GraphView(root)")
    return kernel


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("do", ["quit()", "sys.exit()", "raise GeneratorExit"])
def test_an_object_that_leaves_when_it_is_asked_is_read_all_the_same(
    reading: Kernel, do: str, reader: str
) -> None:
    """In cells. A `data` that cannot be read is no tensor, which a stepper may say."""
    told = reading.run(
        f"def trap():\n    {do}\n\n"
        "told = []\n"
        f"asked = {ASKED!r}\n"
        f"for where in {ASKED if reader != 'watch' else ['data']!r}:\n"
        "    try:\n"
        f"        {READERS[reader]}\n"
        "    except Exception as error: told.append((where, type(error).__name__))\n"
        "where = None\n"
        "print(told)"
    )
    assert told.endswith("[]"), told


def test_a_graph_drawn_after_a_click_can_be_interrupted(reading: Kernel) -> None:
    """As by a widget that asks the loop to draw a learner's tensor."""
    reading.run(
        "def trap():\n    print('inside', flush=True)\n    while True: pass\n\n"
        "from gradwidgets.views.kit.panel import Panel\n"
        "panel = Panel('', lambda name, value: view.update())\n"
        "where = '__getattr__'\nroot.held = root.held[:1]"
    )
    reading.send("panel", {"name": "draw", "value": None})
    reading.wait_for_print("inside")
    reading.interrupt()
    assert reading.run("1 + 1") == "2"


CALLBACKS = {
    "a posted call": "post(trap)",
    "a call in a while": "post.later(0.001, trap)",
    "a task": "task = post.task(waits())",
}


@pytest.mark.parametrize("how", CALLBACKS)
@pytest.mark.parametrize("do", ["quit()", "sys.exit()", "raise KeyboardInterrupt", "endless"])
def test_any_callback_of_a_widget_survives_and_can_be_interrupted(
    reading: Kernel, do: str, how: str
) -> None:
    body = "while True: pass" if do == "endless" else do
    reading.run(
        "from gradwidgets.views.kit.live import Post\n"
        f"def trap():\n    print('inside', flush=True)\n    {body}\n\n"
        "async def waits():\n    await asyncio.sleep(0)\n    trap()\n\n"
        "post = Post()"
    )
    reading.begin(CALLBACKS[how])
    reading.wait_for_print("inside")
    if do == "endless":
        reading.interrupt()
    assert reading.run("1 + 1") == "2"


def test_a_task_that_is_cancelled_is_cancelled(reading: Kernel) -> None:
    reading.run(
        "async def waits():\n    await asyncio.sleep(3600)\n\n"
        "task = post.task(waits())\nawait asyncio.sleep(0)\ntask.cancel()\n"
        "await asyncio.wait([task])"
    )
    assert reading.value("task.cancelled()") == "True"


@pytest.mark.parametrize("how", ["fork", "thread"])
def test_a_check_beside_the_loop_can_be_interrupted(reading: Kernel, how: str) -> None:
    reading.run(
        "import os\n"
        "from gradwidgets.lessons.exercise import guarded\n"
        "from gradwidgets.lessons.check.limits import run_limited\n"
        "from gradwidgets.views.kit.live import Post\n"
        "reader, writer = os.pipe()\n"
        "def trap():\n    os.write(writer, b'i')\n    while True: pass\n\n"
        "async def check():\n"
        f"    limited = lambda: run_limited(trap, 3600, {how!r})\n"
        "    return await asyncio.to_thread(guarded, limited)\n\n"
        "task = Post().task(check())"
    )
    reading.run("os.read(reader, 1)")
    reading.interrupt()
    reading.wait_until("task.done()")
    assert reading.value("task.result().message") == (
        "'The check was interrupted, so it has found out nothing.'"
    )
