// An exercise: everything is built anew from plain data, but for what the learner is writing in.

function element(tag, className = "", parent = null, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  parent?.append(made);
  return made;
}

// Words between asterisks, which neither touch another word nor have a space inside them at an end.
// The same rule as in lessons/page/report.py; older browsers cannot look behind, so what stands in front
// is part of what is found.
const EMPHASIS = /(^|[^\p{L}\p{N}_*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\p{L}\p{N}_*])/gu;

function withEmphasis(text) {
  const parts = [];
  let end = 0;
  for (const { 0: found, 1: before, 2: words, index } of text.matchAll(EMPHASIS)) {
    parts.push(text.slice(end, index + before.length), element("em", "", null, words));
    end = index + found.length;
  }
  return [...parts, text.slice(end)];
}

// Sentences: code stands between backticks, emphasis between asterisks; all of it stays text.
function setWords(el, words) {
  if (el.dataset.words === words) return; // or it would be read aloud again
  el.dataset.words = words;
  const parts = words.split("`");
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join("`")); // one without a partner
  el.replaceChildren(
    ...parts.flatMap((part, index) =>
      index % 2 ? element("code", "", null, part) : withEmphasis(part),
    ),
  );
}

// What has no use now stays where it is: a button that is disabled while it has the focus loses it.
function setOff(button, off) {
  button.setAttribute("aria-disabled", off);
}

// Call `build` only when what it is made of has changed.
function rebuild(el, data, build) {
  const text = JSON.stringify(data ?? null);
  if (el.dataset.data === text) return;
  el.dataset.data = text;
  el.replaceChildren(...(data ? build(data) : []));
}

function sentence(words) {
  const made = element("p");
  setWords(made, words);
  return made;
}

function detail({ name, text }) {
  const made = element("div", "gw-exercise-detail");
  element("span", "", made, name);
  element("pre", "", made, text);
  return made;
}

let counter = 0;

function render({ model, el }) {
  const id = `gw-exercise-${crypto.getRandomValues(new Uint32Array(1))[0]}-${(counter += 1)}`;
  const root = element("section", "gw-exercise", el);
  root.setAttribute("aria-labelledby", `${id}-title`);
  const head = element("div", "gw-exercise-head", root);
  const badge = element("span", "gw-exercise-badge", head);
  const title = element("h4", "gw-exercise-title", head);
  title.id = `${id}-title`;
  const state = element("span", "gw-exercise-state", head);
  const statement = element("p", "gw-exercise-statement", root);
  const answers = element("div", "gw-exercise-answers", root);
  const bar = element("div", "gw-exercise-bar", root);
  const says = element("div", "gw-exercise-says", root);
  says.setAttribute("role", "status");
  const message = element("p", "", says);
  const details = element("div", "", says);
  const hints = element("div", "gw-exercise-hints", root);
  hints.setAttribute("aria-live", "polite");
  const solution = element("div", "gw-exercise-solution", root);
  solution.setAttribute("aria-live", "polite");

  const button = (text, act, primary = false) => {
    const made = element("button", `gw-exercise-button${primary ? " gw-primary" : ""}`, bar, text);
    made.type = "button";
    made.addEventListener("click", () => made.getAttribute("aria-disabled") === "true" || act());
    return made;
  };
  let read = () => null; // what the learner has chosen or typed here
  const check = () => {
    setBusy(true); // the kernel may have other things to do before it says so
    model.send({ do: "check", answer: read() });
  };
  const checkButton = button("", check, true);
  const hintButton = button("", () => model.send({ do: "hint" }));
  const solutionButton = button("", () => model.send({ do: "solution" }));
  const note = element("span", "gw-exercise-note", bar);

  function setBusy(busy) {
    setOff(checkButton, busy);
    const { check, checking } = model.get("shown").buttons;
    checkButton.textContent = busy ? checking : check;
  }

  // JupyterLab has shortcuts on single keys, which must not take what is typed here.
  root.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT") event.stopPropagation();
  });

  function buildAnswers({ kind, label, options, answer }) {
    if (kind === "entry") {
      const field = element("label", "gw-exercise-entry", answers, `${label} `);
      const input = element("input", "", field);
      input.type = "text";
      input.autocomplete = "off";
      input.spellcheck = false;
      input.value = answer ?? "";
      input.addEventListener("keydown", (event) => event.key === "Enter" && check());
      read = () => input.value;
    } else if (kind === "options") {
      const group = element("fieldset", "gw-exercise-options", answers);
      element("legend", "", group, label);
      for (const { letter, text } of options) {
        const line = element("label", "", group);
        const input = element("input", "", line);
        input.type = "radio";
        input.name = `${id}-options`;
        input.value = letter;
        input.checked = letter === answer;
        setWords(element("span", "", line), `${letter})  ${text}`);
      }
      read = () => group.querySelector("input:checked")?.value ?? "";
    }
  }

  let built = false;
  let found = null; // a tensor that was selected in the graph below
  function update() {
    const shown = model.get("shown");
    if (!shown.kind) return;
    if (!built) buildAnswers(shown);
    built = true;
    if (shown.kind === "find") {
      if (!found) found = element("p", "gw-exercise-found", answers);
      setWords(found, shown.answer ? shown.selected : shown.label);
      // What is selected the kernel knows from the graph, and sooner than it is told here.
    }
    badge.textContent = shown.sign;
    badge.dataset.tone = shown.tone;
    badge.setAttribute("aria-hidden", "true");
    title.textContent = shown.title;
    state.textContent = shown.outcome;
    setWords(statement, shown.statement);
    setBusy(shown.busy);
    hintButton.textContent = shown.buttons.hint;
    setOff(hintButton, shown.left === 0);
    solutionButton.textContent =
      shown.asked && !shown.solution ? shown.buttons.sure : shown.buttons.solution;
    setOff(solutionButton, Boolean(shown.solution));
    note.textContent = shown.note ?? "";
    says.dataset.tone = shown.tone;
    says.hidden = !shown.message;
    setWords(message, shown.message ?? "");
    rebuild(details, shown.details, (all) => all.map(detail));
    hints.append(...shown.hints.slice(hints.children.length).map(sentence));
    rebuild(solution, shown.solution, ({ text, code }) => [
      sentence(text),
      element("pre", "", null, code),
    ]);
  }
  model.on("change:shown", update);
  update();
  return () => model.off("change:shown", update);
}

export default { render };
