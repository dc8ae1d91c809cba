from tests.browser.playground_page import open_playground
from tests.browser.stepper_page import NETWORK, StepperPage
from pathlib import Path
from playwright.sync_api import expect
import os
OUT=Path("/tmp/shots/class2"); OUT.mkdir(parents=True, exist_ok=True)
def test_look(lab):
    for theme in os.environ.get("THEMES","light,dark").split(","):
        p=open_playground(lab, "preset='xor', title='Lesson 3: where is the line?'", theme=theme, viewport=(1280,720))
        pg=p.page
        p.button("Step").click(); p.wait_for_step(1)
        p.kernel("playground._set_recipe(cover=('loss_plot',))")
        p.button("Classroom view").click()
        expect(p.button("Leave classroom view")).to_be_visible()
        pg.wait_for_timeout(1000)
        p.play(); p.wait_for_step(400); p.pause()
        pg.wait_for_timeout(500)
        pg.screenshot(path=OUT/f"{theme}-a-class.png")
        p.button("Settings").click()
        pg.wait_for_timeout(500)
        pg.screenshot(path=OUT/f"{theme}-b-settings.png")
        p.button("Settings").click()
        p.button("Walk this step").click()
        pg.wait_for_timeout(800)
        for _ in range(6): pg.keyboard.press("ArrowRight")
        pg.wait_for_timeout(800)
        pg.screenshot(path=OUT/f"{theme}-c-walk.png")
        n=lab.open([NETWORK], theme=theme, viewport=(1280,720)); n.run_all()
        s=StepperPage(n); s.button("Next step").click(); s.button("Next step").click()
        pg=n.page
        pg.wait_for_timeout(500)
        pg.screenshot(path=OUT/f"{theme}-d-stepper.png")
        s.button("Classroom view").click()
        expect(s.button("Leave classroom view")).to_be_visible()
        pg.wait_for_timeout(800)
        pg.screenshot(path=OUT/f"{theme}-e-stepper-class.png")
        pg.keyboard.press("?")
        pg.wait_for_timeout(300)
        pg.screenshot(path=OUT/f"{theme}-f-stepper-keys.png")
