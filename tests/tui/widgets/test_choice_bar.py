"""The choices: the current one, and the mouse."""

from __future__ import annotations

from tui.bar_app import BarApp

from ocnetview.tui.widgets.choice_bar import Choice, ChoiceBar


def bridges() -> ChoiceBar:
    """Return a bar of six bridges, the fifth current."""
    bar = ChoiceBar()
    choices = tuple(Choice(f"b{n}", f"br{n}[/b] ovs") for n in range(6))
    bar.set_reactive(ChoiceBar.choices, choices)
    bar.set_reactive(ChoiceBar.current, "b4")
    return bar


async def test_the_current_choice_is_in_brackets() -> None:
    """It is told without colour, and names are no markup."""
    app = BarApp(bridges)
    async with app.run_test(size=(100, 3)):
        line = app.query_one(ChoiceBar).render().plain
        assert line.startswith(" br0[/b] ovs  br1[/b] ovs ")
        assert "[br4[/b] ovs]" in line


async def test_the_current_choice_is_in_sight() -> None:
    """On a narrow screen those before it give way."""
    app = BarApp(bridges)
    async with app.run_test(size=(30, 3)) as pilot:
        await pilot.pause()
        line = app.query_one(ChoiceBar).render().plain
        assert line.startswith(" br3[/b] ovs [br4[/b] ovs]")


async def test_a_click_takes_the_choice_under_it() -> None:
    """Each choice answers in its own cells, and the room beside them to none."""
    app = BarApp(bridges)
    async with app.run_test(size=(100, 3)) as pilot:
        for x in (1, 13, 14, 95):
            await pilot.click(ChoiceBar, offset=(x, 0))
        await pilot.pause()
        assert app.chosen == ["b0", "b0", "b1"]
