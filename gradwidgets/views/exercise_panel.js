// An exercise: everything is built anew from plain data, but for what the learner is writing in.

function element(tag, className = "", parent = null, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  parent?.append(made);
  return made;
}

// Sentences in which code stands between backticks; all of it stays text.
function setWords(el, words) {
  const parts = words.split("`");
  if (parts.length % 2 === 0) parts.push(`\`${parts.pop()}`);
  el.replaceChildren(
    ...parts.map((part, index) =>
      index % 2 ? element("code", "", null, part) : document.createTextNode(part),
    ),
  );
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
  const hints = element("div", "gw-exercise-hints", root);
  hints.setAttribute("aria-live", "polite");
  const solution = element("div", "gw-exercise-solution", root);
  solution.setAttribute("aria-live", "polite");

  const button = (text, act, primary = false) => {
    const made = element("button", `gw-exercise-button${primary ? " gw-primary" : ""}`, bar, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  let read = () => null; // what the learner has chosen or typed
  const check = () => model.send({ do: "check", answer: read() });
  const checkButton = button("Check", check, true);
  const hintButton = button("Hint", () => model.send({ do: "hint" }));
  const solutionButton = button("Solution", () => model.send({ do: "solution" }));
  const note = element("span", "gw-exercise-note", bar);

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
      setWords(found, shown.answer ? `Selected: \`${shown.answer}\`` : shown.label);
      read = () => model.get("shown").answer ?? "";
    }
    badge.textContent = shown.sign;
    badge.dataset.tone = shown.tone;
    badge.setAttribute("aria-hidden", "true");
    title.textContent = shown.title;
    state.textContent = shown.outcome;
    setWords(statement, shown.statement);
    checkButton.disabled = shown.busy;
    checkButton.textContent = shown.busy ? "Checking …" : "Check";
    hintButton.textContent = `Hint (${shown.left} left)`;
    hintButton.disabled = shown.left === 0;
    solutionButton.textContent =
      shown.asked && !shown.solution ? "Show it: it gives the answer away" : "Solution";
    solutionButton.disabled = Boolean(shown.solution);
    note.textContent = shown.note ?? "";
    says.dataset.tone = shown.tone;
    says.hidden = !shown.message;
    const words = element("p");
    setWords(words, shown.message ?? "");
    const details = (shown.details ?? []).map(({ name, text }) => {
      const part = element("div", "gw-exercise-detail");
      element("span", "", part, name);
      element("pre", "", part, text);
      return part;
    });
    says.replaceChildren(words, ...details);
    hints.replaceChildren(
      ...shown.hints.map((hint) => {
        const line = element("p");
        setWords(line, hint);
        return line;
      }),
    );
    solution.replaceChildren();
    if (shown.solution) {
      setWords(element("p", "", solution), shown.solution.text);
      element("pre", "", solution, shown.solution.code);
    }
  }
  model.on("change:shown", update);
  update();
  return () => model.off("change:shown", update);
}

export default { render };
