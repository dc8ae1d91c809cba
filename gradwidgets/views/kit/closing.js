// What Escape closes, and where the keyboard is when something has gone: never nowhere, and never on
// a button that leaves.

const isShown = (el) => Boolean(el?.isConnected && el.getClientRects().length);

// Where Space plays: in a walk that stands in a playground, the walk.
function playButton(scope) {
  const all = [...scope.querySelectorAll('button[data-name="play"]')];
  return all.filter((one) => !one.disabled && isShown(one)).at(-1);
}

function focusOn(el, scope) {
  if (isShown(el) && !el.disabled) return el.focus({ preventScroll: true });
  scope.tabIndex = -1; // the keys work from here too
  scope.focus({ preventScroll: true });
}

// Escape leaves one thing at a time, the one on top first: an enlarged picture, a list or drawer,
// what is open below the line on top, a walk, the classroom view. Tells whether it has done so.
function closeOne(scope, event, send) {
  if (!scope || event.defaultPrevented || scope.parentElement?.closest(".gw-playground")) return false;
  const inClass = scope.classList.contains("gw-classroom");
  if (!scope.contains(event.target) && !inClass) return false;
  if (scope.contains(document.fullscreenElement)) return false; // the picture or the browser does
  if (event.target.closest(".gw-key-list, .gw-menu")) return false; // these do it themselves
  const closers = [
    () => closeDrawer(scope),
    () => closeOpened(scope, send),
    () => press(scope.querySelector('.gw-walk button[data-name="leave"]')),
    () => inClass && scope.dispatchEvent(new CustomEvent("gw-classroom")),
  ];
  if (!closers.some((close) => close())) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function press(button) {
  if (!isShown(button)) return false;
  button.click();
  return true;
}

function closeDrawer(scope) {
  const drawer = [...scope.querySelectorAll(".gw-drawer:not(.gw-closed)")].find(isShown);
  if (!drawer) return false;
  const inside = drawer.contains(document.activeElement);
  if (!press(drawer.querySelector(".gw-sheet-close"))) return false;
  if (inside) focusOn(drawer.parentElement.querySelector(".gw-box.gw-selected"), scope);
  return true;
}

function closeOpened(scope, send) {
  const opener = scope.querySelector('.gw-head button[data-name][aria-expanded="true"]');
  if (!opener) return false;
  send("close", null);
  const head = opener.closest(".gw-head");
  if (head.contains(document.activeElement)) focusOn(isShown(opener) ? opener : playButton(scope), scope);
  return true;
}

// A walk goes when it is left, with the next step, with Reset, with every change: from wherever it
// was in the walk, the keyboard then goes back to where it came from.
function keepFocus(el, walk, leaving) {
  let around = null; // the playground of the walk that the keyboard is in
  const follow = ({ target }) => {
    const here = el.closest(`.${walk}`);
    around = here?.contains(target) ? here.parentElement.closest(".gw-playground") : null;
  };
  document.addEventListener("focusin", follow, { capture: true, signal: leaving });
  leaving.addEventListener("abort", () => around && goBack(around));
}

// The pictures, and the button among them, are back a moment after the walk has gone.
function goBack(scope, frames = 30) {
  const from = scope.gwWalkFrom ?? scope.querySelector('button[data-name="walk_step"]');
  focusOn(from, scope);
  if (document.activeElement === from || !frames) return;
  requestAnimationFrame(() => document.activeElement === scope && goBack(scope, frames - 1));
}
