"""State of any objects comes back into the same objects."""
from __future__ import annotations

import random
import sys
from collections import deque
from types import ModuleType

import numpy as np

from gradwidgets.engine.training.saved_state import Memento


class Thing:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slotted(Thing):
    __slots__ = ("a", "__private", "late")

    def __init__(self):
        self.a = [1]
        self.__private = 2

    def spoil(self):
        self.a.append(9)
        self.a = None
        self.__private = 7
        self.late = 1
        self.extra = 1

    def read(self):
        return self.a, self.__private, hasattr(self, "late"), hasattr(self, "extra")


def test_everything_reachable_is_restored_in_place():
    array = np.arange(4.0)
    inner = Thing(array=array, view=array[1:])
    thing = Thing(inner=inner, items=[inner, {"n": 1}], queue=deque([1, 2]), kinds={1, 2},
                  rng=np.random.default_rng(0), old=np.random.RandomState(0), py=random.Random(0))
    thing.itself = thing
    memento = Memento([thing])
    items, table = thing.items, thing.items[1]

    def draw():
        return (thing.rng.random(), thing.old.rand(), thing.py.random(), thing.rng.normal(),
                thing.old.randn())

    for _ in range(2):
        first = draw()
        array[:] = -1
        inner.array = inner.view = None
        table.update(n=5, m=6)
        items.clear()
        thing.queue.append(3)
        thing.kinds.add(3)
        thing.new, thing.inner = 1, None
        memento.restore()
        assert thing.inner is inner and inner.array is array and thing.items is items
        assert array.tolist() == [0, 1, 2, 3] and inner.view.tolist() == [1, 2, 3]
        assert items == [inner, table] and table == {"n": 1}
        assert thing.queue == deque([1, 2]) and thing.kinds == {1, 2}
        assert not hasattr(thing, "new") and thing.itself is thing
        assert draw() == first
        memento.restore()


def test_slots_are_restored():
    slotted = Slotted()
    memento = Memento([slotted])
    slotted.spoil()
    memento.restore()
    assert slotted.read() == ([1], 2, False, False)


def test_what_is_kept_is_not_entered_but_stays():
    kept = Thing(n=1)
    thing = Thing(kept=kept)
    memento = Memento([thing], keep=[kept])
    kept.n, thing.kept = 2, None
    memento.restore()
    assert thing.kept is kept and kept.n == 2


def test_objects_of_other_packages_are_left_alone(monkeypatch):
    other = ModuleType("elsewhere")
    monkeypatch.setitem(sys.modules, "elsewhere", other)
    figure = type("Figure", (Thing,), {"__module__": "elsewhere.figure"})(drawn=False)
    thing = Thing(figure=figure, kind=Thing, module=other)
    memento = Memento([thing])
    figure.drawn = True
    thing.figure = None
    memento.restore()
    assert thing.figure is figure and figure.drawn


def test_random_generators_are_found():
    rng = np.random.default_rng(0)
    assert Memento([Thing(layers=[Thing(rng=rng)])]).generators() == [rng]


def test_a_deep_chain_needs_no_recursion():
    chain = Thing(n=0)
    first = chain
    for n in range(20000):
        chain = Thing(next=chain)
    memento = Memento([chain])
    first.n = 5
    memento.restore()
    assert first.n == 0
