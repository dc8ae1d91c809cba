// Shortcuts for everything inside the nearest element around with the class `scope`. Those in
// `here` are answered by the page itself: its part of that name hears an event.

const NUDGES = [5, 13]; // ms after a key, see `nudge`
const HERE = ["classroom", "keys"];
const NOT_TYPED_IN = "[type=range], [type=radio], [type=checkbox]";

function keysKind(send) {
  const el = element("span");
  el.hidden = true;
  let field = null;
  // The Jupyter server holds small messages back until the page's system has confirmed the one
  // before, which may take 40 ms, unless the page happens to send something: here it does.
  const timers = [];
  const nudge = () => {
    timers.splice(0).forEach(clearTimeout);
    for (const delay of NUDGES) timers.push(setTimeout(send.nothing, delay));
  };
  // The name of a key, with Ctrl (or ⌘) before it where that is held; "" for what is none of ours.
  const nameOf = ({ key, ctrlKey, metaKey, altKey, shiftKey }) => {
    if (altKey) return "";
    if (ctrlKey || metaKey) return `ctrl+${shiftKey ? "shift+" : ""}${key.toLowerCase()}`;
    // some keyboards have "." and "?" above another key
    return shiftKey && !/^[^\p{L}\s]$/u.test(key) ? "" : key;
  };
  // What a control has a use for stays its own: all keys of a field to type in, the arrows of a slider.
  const takesKeys = (target, key) => {
    if (key.startsWith("ctrl+"))
      return target.isContentEditable || target.matches(`textarea, input:not(${NOT_TYPED_IN})`);
    if (target.isContentEditable || target.matches("select, textarea")) return true;
    const kind = target.matches("input") ? target.type : "";
    if (kind === "range") return key !== " " && key.length > 1;
    if (kind === "radio") return key === " " || key.startsWith("Arrow");
    if (kind === "checkbox") return key === " ";
    if (kind) return true;
    if (key !== " ") return false;
    return target.closest("button, summary, a, .gw-box:not(.gw-stepper *)");
  };
  // a part inside may have the same key for something of its own
  const leftInside = (scope, event) =>
    Object.entries(field.inside ?? {}).some(([part, keys]) => {
      const inner = event.target.closest(`.${part}`);
      return inner && scope.contains(inner) && keys.includes(event.key);
    });
  const onKey = (event) => {
    const scope = el.closest(`.${field.scope}`);
    const key = nameOf(event);
    const name = field.keys[key];
    if (key === "Escape" && closeOne(scope, event, send)) return;
    if (!scope?.contains(event.target) || !name || takesKeys(event.target, key)) return;
    if (leftInside(scope, event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (name === "walk_step") scope.gwWalkFrom = document.activeElement;
    if (HERE.includes(name)) {
      scope.dispatchEvent(new CustomEvent(`gw-${name}`));
    } else {
      send(name, null);
      nudge();
    }
  };
  // a click on text or picture brings the keyboard here; JupyterLab would give it to the cell
  const onClick = (event) => {
    const scope = el.closest(`.${field.scope}`);
    if (!scope?.contains(event.target)) return;
    const walk = event.target.closest('[data-name="walk_step"]');
    if (walk) scope.gwWalkFrom = walk;
    if (scope.contains(document.activeElement)) return;
    if (!String(document.getSelection())) {
      scope.tabIndex = -1;
      scope.focus({ preventScroll: true });
    }
  };
  // from the document down: the parts inside have arrow keys of their own
  document.addEventListener("keydown", onKey, { capture: true, signal: send.leaving });
  document.addEventListener("click", onClick, { capture: true, signal: send.leaving });
  let kept = false;
  return {
    el,
    update(next) {
      field = next;
      if (!kept) keepFocus(el, field.scope, send.leaving);
      kept = true;
    },
  };
}

const moreKinds = { keys: keysKind };
