// Draws a list of fields as native form controls and keeps them: a change of the list touches only what
// changed, so that focus, an open menu or a held slider survive. The kinds are told in panel.py.

const SEND_EVERY = 50; // ms, while a slider is dragged

function element(tag, className = "", parent = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  parent?.append(made);
  return made;
}

// Ids belong to the whole page, and every panel runs a copy of this module.
const ours = `gw-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
let counter = 0;
const newId = () => `${ours}-${(counter += 1)}`;

// At most one message per SEND_EVERY, and always the last value.
function throttled(send) {
  let timer = null;
  let last;
  let fresh = false;
  const flush = () => {
    timer = null;
    if (!fresh) return;
    fresh = false;
    send(last);
    timer = setTimeout(flush, SEND_EVERY);
  };
  return (value, now = false) => {
    last = value;
    fresh = true;
    if (now) clearTimeout(timer);
    if (now || timer === null) flush();
  };
}

// A control that has just been made is not on the page yet. One that is disabled leaves the focus to
// the walk it is in, where the keys work too.
function focusSoon(el, frames = 30) {
  if (el.getClientRects().length) {
    const target = el.disabled ? (el.closest(".gw-stepper") ?? el) : el;
    if (target !== el) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    (el.closest(".gw-stepper") ?? el).scrollIntoView({ block: "nearest" });
  } else if (frames) requestAnimationFrame(() => focusSoon(el, frames - 1));
}

// Names of tensors stand between backticks; they may run in another direction than the sentence.
function setWords(el, words) {
  if (el.dataset.words === words) return; // or it would be read aloud again
  el.dataset.words = words;
  const parts = words.split("`").map((part, index) => {
    if (index % 2 === 0) return part;
    const name = element("bdi", "gw-name");
    name.textContent = part;
    return name;
  });
  el.replaceChildren(...parts);
}

function whenShown(el, act) {
  const sizes = new ResizeObserver(() => {
    if (!el.getBoundingClientRect().width) return;
    sizes.disconnect();
    act();
  });
  sizes.observe(el);
}

const bringIntoView = (el) => el.scrollIntoView({ block: "nearest" });

// Whether the reader has this playground before their eyes, or is elsewhere in the notebook.
function isWatched(el) {
  const { top, bottom, width } = (el.closest(".gw-playground") ?? el).getBoundingClientRect();
  return width > 0 && bottom > 0 && top < window.innerHeight;
}

// Whether a person has just run this cell: it is active, or the one below it. When a notebook is
// opened again, or all of it runs, nobody wants to be moved.
function wasJustRun(el) {
  const cell = el.closest(".jp-Cell");
  return Boolean(
    cell && (cell.matches(".jp-mod-active") || cell.nextElementSibling?.matches(".jp-mod-active")),
  );
}

const VERDICTS = ["warning", "wrong"];
const SIGNS = { note: "i", trouble: "!", warning: "!", wrong: "✗" }; // of messages, by their tone

const kinds = {
  heading(_send) {
    const el = element("h3", "gw-heading-text");
    return { el, update: ({ text }) => (el.textContent = text) };
  },

  note(_send) {
    const el = element("p", "gw-note");
    return {
      el,
      update({ text, role }) {
        setWords(el, text);
        if (role) el.setAttribute("role", role);
        else el.removeAttribute("role");
      },
    };
  },

  sentence(_send) {
    const el = element("p", "gw-sentence");
    el.setAttribute("aria-live", "polite");
    return {
      el,
      update({ text, question }) {
        el.classList.toggle("gw-question", Boolean(question));
        setWords(el, text);
      },
    };
  },

  message(send) {
    const el = element("div", "gw-message-box");
    const sign = element("span", "gw-message-sign", el);
    sign.setAttribute("aria-hidden", "true");
    const text = element("span", "gw-message-text", el);
    const button = element("button", "gw-button", el);
    button.type = "button";
    let action = null;
    button.addEventListener("click", () => send(action.name, action.value ?? null));
    const whole = () => el.closest(".gw-playground, .gw-graph-view") ?? el;
    whenShown(el, () => wasJustRun(el) && bringIntoView(whole()));
    return {
      el,
      update(field) {
        const trouble = field.tone === "trouble";
        const news = trouble && field.text !== text.dataset.words;
        el.classList.toggle("gw-trouble", trouble);
        el.classList.toggle("gw-blank", !field.text);
        if (trouble && field.text) text.setAttribute("role", "alert");
        else text.removeAttribute("role");
        text.setAttribute("aria-live", trouble ? "assertive" : "polite");
        for (const tone of VERDICTS) el.classList.toggle(`gw-${tone}-box`, field.tone === tone);
        el.classList.toggle("gw-heat", VERDICTS.includes(field.tone)); // for its colours
        sign.textContent = SIGNS[field.tone] ?? SIGNS.note;
        setWords(text, field.text);
        action = field.action ?? null;
        button.hidden = !action;
        button.textContent = action?.text ?? "";
        if (news && isWatched(el)) bringIntoView(el);
      },
    };
  },

  button(send) {
    const el = element("button", "gw-button");
    el.type = "button";
    let name;
    let wanted = false;
    let idle = false;
    el.addEventListener("click", () => idle || send(name, null));
    return {
      el,
      update(field) {
        name = field.name;
        el.textContent = field.text ?? field.label;
        el.setAttribute("aria-label", field.label);
        el.title = field.help ?? field.label;
        el.disabled = Boolean(field.disabled);
        if (field.back) el.dataset.back = field.back;
        idle = Boolean(field.idle);
        if (idle) el.setAttribute("aria-disabled", "true");
        else el.removeAttribute("aria-disabled");
        el.classList.toggle("gw-away", Boolean(field.away));
        el.classList.toggle("gw-primary", Boolean(field.primary));
        el.classList.toggle("gw-small", Boolean(field.small));
        if (field.expanded === undefined) el.removeAttribute("aria-expanded");
        else el.setAttribute("aria-expanded", String(field.expanded));
        if (field.focus && !wanted) focusSoon(el);
        wanted = Boolean(field.focus);
      },
    };
  },

  select(send) {
    const el = element("div", "gw-field");
    const label = element("label", "gw-label", el);
    const select = element("select", "gw-select", el);
    label.htmlFor = select.id = newId();
    let name;
    let shown = "";
    select.addEventListener("change", () => {
      const option = select.options[select.selectedIndex];
      send(name, JSON.parse(option.dataset.value));
    });
    return {
      el,
      update(field) {
        name = field.name;
        label.textContent = field.label;
        label.classList.toggle("gw-hidden", Boolean(field.bare));
        select.disabled = Boolean(field.disabled);
        const options = JSON.stringify(field.options);
        if (options !== shown) {
          shown = options;
          select.replaceChildren();
          for (const { value, text, disabled, why } of field.options) {
            const option = element("option", "", select);
            option.dataset.value = JSON.stringify(value);
            option.textContent = text;
            option.disabled = Boolean(disabled);
            if (why) option.title = why;
          }
        }
        const wanted = JSON.stringify(field.value);
        const at = [...select.options].findIndex((option) => option.dataset.value === wanted);
        if (select.selectedIndex !== at) select.selectedIndex = at;
      },
    };
  },

  number(send) {
    const el = element("div", "gw-field");
    const label = element("label", "gw-label", el);
    const input = element("input", "gw-number-field", el);
    input.type = "number";
    label.htmlFor = input.id = newId();
    return numberBehaviour(el, input, label, send);
  },

  check(send) {
    const el = element("label", "gw-check");
    const input = element("input", "", el);
    input.type = "checkbox";
    const text = element("span", "gw-long", el);
    const short = element("span", "gw-short", el);
    let name;
    input.addEventListener("change", () => send(name, input.checked));
    return {
      el,
      update(field) {
        name = field.name;
        input.setAttribute("aria-label", field.label);
        text.textContent = field.text ?? field.label;
        short.textContent = field.short ?? "";
        el.classList.toggle("gw-shortens", Boolean(field.short));
        input.checked = field.value;
        input.disabled = Boolean(field.disabled);
        el.title = field.help ?? "";
      },
    };
  },

  choice(send) {
    const el = element("div", "gw-choice");
    el.setAttribute("role", "radiogroup");
    const group = newId();
    let shown = "";
    let name;
    return {
      el,
      update(field) {
        name = field.name;
        el.setAttribute("aria-label", field.label);
        const options = JSON.stringify(field.options);
        if (options !== shown) {
          shown = options;
          el.replaceChildren();
          for (const { value, text } of field.options) {
            const label = element("label", "gw-choice-item", el);
            const input = element("input", "gw-hidden", label);
            input.type = "radio";
            input.name = group;
            input.value = value;
            input.addEventListener("change", () => input.checked && send(name, value));
            element("span", "", label).textContent = text;
          }
        }
        for (const input of el.querySelectorAll("input"))
          input.checked = input.value === String(field.value);
      },
    };
  },

  range(send) {
    const el = element("div", "gw-field gw-range");
    const label = element("label", "gw-label", el);
    const slider = element("input", "gw-slider", el);
    slider.type = "range";
    label.htmlFor = slider.id = newId();
    const shown = element("output", "gw-shown", el);
    shown.setAttribute("aria-hidden", "true");
    const input = element("input", "gw-number-field", el);
    input.type = "number";
    const typed = numberBehaviour(el, input, null, (name, value) => send(name, value));
    let field = null;
    let held = false;
    const toValue = (position) =>
      field.log
        ? Number((10 ** (position / field.per_decade)).toPrecision(2))
        : Number((field.min + position * field.step).toPrecision(12));
    const toPosition = (value) =>
      field.log
        ? Math.round(Math.log10(Math.max(value, field.min)) * field.per_decade)
        : Math.round((value - field.min) / field.step);
    const say = (value) => {
      const text = `${value}${field.unit ?? ""}`;
      shown.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    const post = throttled((value) => send(field.name, value));
    const moved = (now) => {
      const value = toValue(Number(slider.value));
      say(value);
      if (field.number_label) input.value = value;
      post(value, now);
    };
    slider.addEventListener("input", () => {
      held = true;
      moved(false);
    });
    slider.addEventListener("change", () => {
      held = false;
      moved(true);
    });
    slider.addEventListener("blur", () => (held = false));
    return {
      el,
      update(next) {
        field = next;
        label.textContent = field.label;
        label.classList.toggle("gw-hidden", Boolean(field.bare));
        slider.disabled = Boolean(field.disabled);
        slider.title = field.help ?? "";
        slider.min = toPosition(field.min);
        slider.max = toPosition(field.max);
        slider.step = 1;
        shown.hidden = Boolean(field.number_label);
        input.hidden = !field.number_label;
        if (!held) {
          slider.value = toPosition(field.value);
          say(field.value);
        }
        typed.update({ ...field, label: field.number_label ?? "", held, step: "any" });
      },
    };
  },

  row(send) {
    const el = element("div", "gw-row");
    const text = element("span", "gw-row-text", el);
    const items = element("div", "gw-row-items", el);
    const children = reconciler(items, send);
    return {
      el,
      update(field) {
        text.textContent = field.text ?? "";
        text.hidden = !field.text;
        el.classList.toggle("gw-spread", Boolean(field.spread));
        children(field.items, field.restore);
      },
    };
  },

  group(send) {
    const el = element("div", "gw-group");
    el.setAttribute("role", "group");
    const text = element("span", "gw-label", el);
    const items = element("div", "gw-group-items", el);
    const children = reconciler(items, send);
    return {
      el,
      update(field) {
        el.setAttribute("aria-label", field.label);
        text.textContent = field.label;
        children(field.items, field.restore);
      },
    };
  },
};

// Kinds that only some panels have stand in files of their own, which are put in front of this one:
// the whole text is sent for every panel.
if (typeof moreKinds === "object") Object.assign(kinds, moreKinds);

// A number is sent when it is finished: on Enter, on leaving the field, on its arrows.
function numberBehaviour(el, input, label, send) {
  let name;
  let value;
  let asked = null;
  let shown = "";
  const finish = () => {
    if (input.value === "" || Number.isNaN(input.valueAsNumber)) input.value = value;
    else if (input.valueAsNumber !== value && input.valueAsNumber !== asked)
      send(name, (asked = input.valueAsNumber));
    shown = input.value; // finished: the answer may take its place
  };
  input.addEventListener("change", finish);
  input.addEventListener("blur", finish);
  input.addEventListener("keydown", (event) => event.key === "Enter" && finish());
  return {
    el,
    update(field) {
      name = field.name;
      value = field.value;
      asked = null;
      if (label) label.textContent = field.label;
      else input.setAttribute("aria-label", field.label);
      input.disabled = Boolean(field.disabled);
      input.min = field.min;
      input.max = field.max;
      input.step = field.step ?? 1;
      // what is being typed is left alone, unless it was refused
      const typing = document.activeElement === input && input.value !== shown && !field.restore;
      if (field.held || typing) return;
      input.value = field.value;
      shown = input.value;
    },
  };
}

// Returns a function that makes `parent` show a list of fields, keeping the elements it can.
function reconciler(parent, send) {
  let kept = new Map();
  return (fields, restore = false) => {
    const next = new Map();
    fields.forEach((wanted, index) => {
      const field = restore ? { ...wanted, restore } : send.asked(wanted);
      const key = `${field.kind}:${field.name ?? index}`;
      const control = kept.get(key) ?? kinds[field.kind](send);
      kept.delete(key);
      control.update(field);
      if (field.name) control.el.dataset.name = field.name;
      next.set(key, control);
      if (parent.children[index] !== control.el)
        parent.insertBefore(control.el, parent.children[index] ?? null);
    });
    for (const { el } of kept.values()) el.remove();
    kept = next;
  };
}

const focusable = (root) =>
  [...root.querySelectorAll("button, select, input")].filter(
    (one) => !one.disabled && !one.matches(".gw-away") && one.getClientRects().length,
  );

function render({ model, el }) {
  el.lang = model.get("lang");
  const root = element("div", "gw-panel-root", el);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("label"));
  // JupyterLab has single keys of its own (arrows move between cells); here they belong to the control.
  root.addEventListener("keydown", (event) => {
    const theirs = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape";
    if (!theirs) event.stopPropagation();
  });
  const leaving = new AbortController();
  // Until the kernel has answered, a control shows what was asked for: answers to earlier questions
  // may still be on their way, and would make it jump back and forth.
  const questions = new Map();
  const send = (name, value) => {
    if (value === null) return model.send({ name, value }); // a button: it shows no value
    const asked = newId();
    questions.set(name, { asked, value });
    model.send({ name, value, asked });
  };
  send.asked = (field) =>
    "value" in field && questions.has(field.name)
      ? { ...field, value: questions.get(field.name).value }
      : field;
  const answered = (asked) => {
    for (const [name, question] of questions) if (question.asked === asked) questions.delete(name);
    update();
  };
  send.nothing = () => model.send({});
  send.leaving = leaving.signal; // for listeners outside of the panel
  const show = reconciler(root, send);

  function update(restore = false) {
    const active = document.activeElement;
    const at = root.contains(active) ? focusable(root).indexOf(active) : -1;
    const back = active?.dataset.back ?? root.querySelector('[aria-expanded="true"]')?.dataset.name;
    show(model.get("fields"), restore);
    if (at >= 0 && !root.contains(document.activeElement)) {
      // the control that had the focus is gone (a removed layer): do not drop the reader on the page;
      // of what was opened, the way back is to the button that has opened it
      const all = focusable(root);
      (all.find((one) => one.dataset.name === back) ?? all[Math.min(at, all.length - 1)])?.focus();
    }
  }
  const onFields = () => update();
  const onMessage = (message) => {
    if (message.restore) update(true);
    if (message.answered) answered(message.answered);
  };
  model.on("change:fields", onFields);
  model.on("msg:custom", onMessage);
  update();
  return () => {
    leaving.abort();
    model.off("change:fields", onFields);
    model.off("msg:custom", onMessage);
  };
}

export default { render };
