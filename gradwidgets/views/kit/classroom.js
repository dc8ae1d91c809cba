// What serves a class: a line of text to fill in, something to copy, the classroom view, the keys.

const SMALLEST_TYPE = 20; // pixels of the smallest text that matters, on a screen of 1280
const USUAL_TYPE = 13; // pixels of it in a notebook, see panel.css
const USUAL_WIDTH = 1280;

// The page's own address of JupyterLab, without a token; "" where there is none (Voila, VS Code).
// On a hub it leads everybody to a server of their own, and not to that of whoever copied it.
function labAddress() {
  let config = {};
  try {
    config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  } catch {
    // a page that is none of Jupyter's
  }
  const { appUrl, baseUrl, hubPrefix, hubHost } = config;
  if (!appUrl || !baseUrl) return "";
  const closed = (path) => path.replace(/\/?$/, "/");
  const start = hubPrefix ? `${hubHost || ""}${closed(hubPrefix)}user-redirect/` : closed(baseUrl);
  return new URL(`${start}lab`, location.href).href;
}

const FOCUSABLE = "button, select, input, a[href], summary, [tabindex='0']";

function textKind(send) {
  const el = element("div", "gw-field");
  const label = element("label", "gw-label", el);
  const input = element("input", "gw-text-field", el);
  input.type = "text";
  label.htmlFor = input.id = newId();
  let field = null;
  const finish = () => input.value !== field.value && send(field.name, input.value);
  input.addEventListener("change", finish);
  return {
    el,
    update(next) {
      field = next;
      label.textContent = field.label;
      input.maxLength = field.most;
      if (document.activeElement !== input || field.restore) input.value = field.value;
    },
  };
}

function copyKind(_send) {
  const el = element("div", "gw-field gw-copy");
  const label = element("label", "gw-label", el);
  const input = element("input", "gw-text-field", el);
  input.readOnly = true;
  input.type = "text";
  label.htmlFor = input.id = newId();
  const button = element("button", "gw-button", el);
  button.type = "button";
  const said = element("span", "gw-said", el);
  said.setAttribute("role", "status");
  let field = null;
  const whole = () => {
    if (field.value !== undefined) return field.value;
    if (field.binder) return `${field.binder}?urlpath=${encodeURIComponent(`lab?${field.query}`)}`;
    const start = labAddress();
    return start && `${start}?${field.query}`;
  };
  input.addEventListener("focus", () => input.select());
  button.addEventListener("click", async () => {
    said.textContent = ""; // or the same words would not be read aloud again
    let done = true;
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      // not permitted, or a page without https, where the old way may still be open
      input.focus();
      input.select();
      done = document.execCommand("copy");
      if (done) button.focus();
    }
    said.textContent = done ? field.copied : field.select;
  });
  return {
    el,
    update(next) {
      field = next;
      label.textContent = field.label;
      button.textContent = field.text;
      const words = whole();
      if (input.value !== words) said.textContent = "";
      input.value = words;
      input.disabled = button.disabled = !words;
      if (!words) said.textContent = field.none;
    },
  };
}

// Puts the whole widget into the browser's top layer, where nothing around can cut it off.
function classroomKind(send) {
  const el = element("div", "gw-row-items gw-classroom-buttons");
  const settings = element("button", "gw-button", el);
  const button = element("button", "gw-button", el);
  let field = null;
  let scope = null;
  let cameFrom = null;
  settings.type = button.type = "button";
  settings.hidden = true;

  const fit = () => {
    if (!scope) return;
    const least = (SMALLEST_TYPE / USUAL_TYPE) * (window.innerWidth / USUAL_WIDTH);
    const zoom = Math.max(least, 1) * Math.max(1, field.text_size / 100);
    scope.style.setProperty("--gw-zoom", zoom.toFixed(3));
  };
  const words = () => {
    const sign = field.short && !scope; // where there is little room
    button.textContent = sign ? "" : scope ? field.leave : field.label;
    button.classList.toggle("gw-screen-sign", Boolean(sign));
    button.setAttribute("aria-label", scope ? field.leave : field.label);
    button.title = scope ? field.leave_help : field.help;
    settings.hidden = !scope?.querySelector(".gw-left");
    settings.textContent = field.settings;
    settings.title = field.settings_help;
    settings.setAttribute("aria-pressed", String(Boolean(scope?.classList.contains("gw-with-settings"))));
  };
  function enter() {
    scope = el.closest(`.${field.scope}`);
    if (!scope) return;
    cameFrom = document.activeElement;
    scope.classList.add("gw-classroom");
    scope.popover = "manual";
    scope.showPopover();
    scope.setAttribute("role", "dialog");
    scope.setAttribute("aria-modal", "true");
    scope.setAttribute("aria-label", field.title);
    scope.tabIndex = -1;
    fit();
    words();
    closeOpened(scope, send);
    const at = document.activeElement;
    const stays = scope.contains(at) && isShown(at) && !at.closest(".gw-head") && at !== button;
    if (!stays) focusOn(playButton(scope), scope); // never on the button that leaves
  }
  function leave() {
    if (!scope) return;
    const left = scope;
    scope = null;
    if (left.matches(":popover-open")) left.hidePopover();
    left.removeAttribute("popover");
    for (const name of ["role", "aria-modal", "aria-label"]) left.removeAttribute(name);
    left.classList.remove("gw-classroom", "gw-with-settings");
    setTextSize(left, field.text_size);
    words();
    focusOn(left.contains(cameFrom) ? cameFrom : left, left);
    left.scrollIntoView({ block: "nearest" });
  }
  const toggle = () => (scope ? leave() : enter());
  button.addEventListener("click", toggle);
  settings.addEventListener("click", () => {
    scope?.classList.toggle("gw-with-settings");
    words();
  });
  const listening = { signal: send.leaving };
  whenShown(el, () => {
    const around = el.closest(`.${field.scope}`);
    around?.addEventListener("gw-classroom", toggle, listening);
    // the notebook behind cannot be seen: no key may change it
    around?.addEventListener("keydown", (event) => scope && keepFromNotebook(event), listening);
    // something else has closed it, as a page does that takes a cell away and brings it back
    around?.addEventListener("toggle", (event) => {
      if (event.target === scope && event.newState === "closed") leave();
    }, listening);
  });
  window.addEventListener("resize", fit, listening);
  send.leaving.addEventListener("abort", leave);
  // in capture: JupyterLab and the parts inside have a use for Tab too
  document.addEventListener("keydown", (event) => scope && event.key === "Tab" && keepInside(event, scope), {
    capture: true,
    ...listening,
  });
  return {
    el,
    update(next) {
      field = next;
      words();
      if (scope) fit();
      else whenShown(el, () => setTextSize(el.closest(`.${field.scope}`), field.text_size));
    },
  };
}

function setTextSize(scope, percent) {
  if (percent === 100) scope?.style.removeProperty("--gw-zoom");
  else scope?.style.setProperty("--gw-zoom", percent / 100);
}

function keepFromNotebook(event) {
  if (event.key === "Enter" || !(event.ctrlKey || event.metaKey || event.altKey))
    event.stopPropagation();
}

function keepInside(event, scope) {
  const all = [...scope.querySelectorAll(FOCUSABLE)].filter(
    (one) =>
      !one.disabled &&
      one.tabIndex >= 0 &&
      one.getClientRects().length &&
      (one.type !== "radio" || one.checked),
  );
  const last = all[all.length - 1];
  const at = document.activeElement;
  const out = event.shiftKey ? at === all[0] || at === scope : at === last;
  if (!out && scope.contains(at)) return;
  event.preventDefault();
  (event.shiftKey ? last : all[0])?.focus();
}

function keyListKind(send) {
  const el = element("div", "gw-keys");
  const button = element("button", "gw-button", el);
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  const list = element("div", "gw-key-list", el);
  list.hidden = true;
  list.tabIndex = -1;
  list.setAttribute("role", "dialog");
  const heading = element("h3", "gw-heading-text", list);
  list.setAttribute("aria-labelledby", (heading.id = newId()));
  const table = element("dl", "gw-key-rows", list);
  const close = element("button", "gw-button", list);
  close.type = "button";
  let field = null;
  let cameFrom = null;
  const show = (open) => {
    if (list.hidden !== open) return;
    if (open) cameFrom = document.activeElement;
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) {
      list.focus({ preventScroll: true });
      list.scrollIntoView({ block: "nearest" });
    } else (cameFrom?.isConnected ? cameFrom : button).focus({ preventScroll: true });
  };
  button.addEventListener("click", () => show(list.hidden));
  close.addEventListener("click", () => show(false));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
  });
  list.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !el.contains(relatedTarget)) {
      list.hidden = true;
      button.setAttribute("aria-expanded", "false");
    }
  });
  const listening = { signal: send.leaving };
  whenShown(el, () =>
    el.closest(`.${field.scope}`)?.addEventListener("gw-keys", () => show(list.hidden), listening),
  );
  return {
    el,
    update(next) {
      field = next;
      button.textContent = field.short ? "?" : field.label;
      button.setAttribute("aria-label", field.label);
      button.title = field.help;
      heading.textContent = field.heading;
      close.textContent = field.close;
      table.replaceChildren();
      for (const [key, does] of field.rows) {
        const row = element("div", "", table);
        const name = element("dt", "", row);
        element("kbd", "gw-key", name).textContent = key;
        element("dd", "", row).textContent = does;
      }
    },
  };
}

Object.assign(moreKinds, {
  text: textKind,
  copy: copyKind,
  classroom: classroomKind,
  key_list: keyListKind,
});
