"""What shows the keyboard's focus: how well it can be seen, and that nothing hides it."""

from __future__ import annotations

from playwright.sync_api import Locator

# What the Tab key or an arrow key brings the focus to.
STOPS = "button, select, input, a[href], summary, [tabindex]"

# For each control below `root` that can be focused: what is wrong with the way it shows.
# Source: WCAG 2.2, success criteria 1.4.11, 2.4.7 and 2.4.11.
FAULTS = """
async ([root, stops]) => {
    // what was opened or closed just before has its size and place in a frame or two
    for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const paint = (layers) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const [colour, opacity] of layers) {
            canvas.globalAlpha = opacity;
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
        }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
        .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
        .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (a, b) => {
        const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
    };
    const parents = (el) => (el ? [el, ...parents(el.parentElement)] : []);
    // the colours that lie behind what an element would draw, the lowest first
    const behind = (el) => [["white", 1], ...parents(el).reverse()
        .map((one) => [getComputedStyle(one).backgroundColor, 1])];
    const opacity = (el) => parents(el)
        .reduce((all, one) => all * getComputedStyle(one).opacity, 1);
    const zoom = (el) => el.currentCSSZoom ?? 1;
    // where something cuts off what is drawn around a control, for which it would have room
    const clipped = (el, { left, top, right, bottom }) => {
        for (const one of parents(el)) {
            if (one === document.body) break; // whose overflow is the window's
            if (one !== el && getComputedStyle(one).overflow !== "visible") {
                const box = one.getBoundingClientRect();
                const fits = right - left <= box.width && bottom - top <= box.height;
                if (!fits) continue;
                const by = ` of ${one.getAttribute("class") ?? one.tagName}`;
                if (left < box.left - 0.5 || right > box.right + 0.5) return `left or right${by}`;
                if (top < box.top - 0.5 || bottom > box.bottom + 0.5) return `top or bottom${by}`;
            }
            if (one.matches(":popover-open")) break;
        }
        return "";
    };

    // What is drawn in the place of the focus, and next to what.
    function rings(el) {
        const found = [];
        const label = el.closest("label");
        for (const one of el.matches(".gw-hidden") ? [label] : label ? [el, label] : [el]) {
            const style = getComputedStyle(one);
            const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
            if (width * zoom(one) < 2) continue;
            const around = parseFloat(style.outlineOffset) + width;
            const { left, top, right, bottom } = one.getBoundingClientRect();
            found.push({
                colour: style.outlineColor, of: one, clip: clipped(one, {
                    left: left - around, top: top - around, right: right + around,
                    bottom: bottom + around }),
                ground: behind(parseFloat(style.outlineOffset) < 0 ? one : one.parentElement),
            });
        }
        const ring = el.querySelector(":scope > .gw-focus");
        if (ring) {
            const style = getComputedStyle(ring);
            const wide = parseFloat(style.strokeWidth) * zoom(ring) >= 2;
            if (wide && style.stroke !== "none" && style.display !== "none")
                found.push({ colour: style.stroke, of: ring, ground: behind(ring),
                    clip: clipped(ring, ring.getBoundingClientRect()) });
        }
        return found;
    }

    function faults(el) {
        const shown = rings(el);
        if (!shown.length) return ["nothing shows the focus"];
        const all = [];
        for (const { colour, of, ground, clip } of shown) {
            const found = contrast(paint([...ground, [colour, opacity(of)]]), paint(ground));
            if (found < 3) all.push(`the contrast is ${found.toFixed(2)}`);
            if (clip) all.push(`cut off at ${clip}`);
        }
        const whole = shown[0].of.matches(".gw-focus") ? el : shown[0].of;
        let { left, top, right, bottom } = whole.getBoundingClientRect();
        [left, top] = [Math.max(left, 0), Math.max(top, 0)];
        [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
        const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (!whole.contains(at)) all.push(`hidden by ${at?.outerHTML.slice(0, 80)}`);
        return all;
    }

    const seen = (el) => el.checkVisibility({ visibilityProperty: true }) && !el.disabled
        && el.type !== "file" && getComputedStyle(el).pointerEvents !== "none";
    // of the boxes of a graph one is reached with Tab, and from there the others with an arrow
    const reached = (el) => seen(el) && !(el.matches("[data-node]") && el.tabIndex < 0);
    function* visits(el) {
        el.focus();
        yield el;
        if (!el.matches("[data-node]")) return;
        const others = el.parentElement.querySelectorAll("[data-node]").length - 1;
        for (let i = 0; i < others; i += 1) {
            const down = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true });
            document.activeElement.dispatchEvent(down);
            yield document.activeElement;
        }
    }
    const before = document.activeElement;
    const wrong = [];
    const found = new Set();
    const all = [...(root.matches("[tabindex]") ? [root] : []), ...root.querySelectorAll(stops)];
    for (const stop of all.filter(reached))
        for (const el of visits(stop)) {
            found.add(el);
            const what = document.activeElement === el ? faults(el) : ["takes no focus"];
            for (const one of what) wrong.push(`${one}: ${el.outerHTML.slice(0, 120)}`);
        }
    before?.focus();
    return { count: found.size, wrong };
}
"""


def focus_faults(root: Locator, least: int = 1) -> list[str]:
    """Return what is wrong with the way the focus shows in a subtree of a page.

    Parameters
    ----------
    least : int
        So many controls are there at the least.
    """
    root.page.keyboard.press("Shift")  # from here on the browser knows that a keyboard is used
    found = root.evaluate(f"(root, stops) => ({FAULTS})([root, stops])", STOPS)
    assert found["count"] >= least, found
    return found["wrong"]
