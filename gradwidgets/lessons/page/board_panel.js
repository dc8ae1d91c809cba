// The board of a course: built once, and then only what has changed is written anew.

const MOST_BYTES = 1_000_000; // of a file to import; a progress file has some 5,000

function element(tag, className = "", parent = null, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  parent?.append(made);
  return made;
}

function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A link to a notebook beside this one. JupyterLab opens it as it opens a link in a text; its own
// page has another address than the notebook, so that a relative link alone would lead astray.
async function leadTo(link, href, manager) {
  link.href = href;
  const { context, rendermime } = manager ?? {};
  const [resolver, handler] = [context?.urlResolver, rendermime?.linkHandler];
  if (!resolver || !handler) return;
  const path = await resolver.resolveUrl(encodeURI(href));
  handler.handleLink(link, decodeURIComponent(path), "");
  link.href = await resolver.getDownloadUrl(path);
}

let counter = 0;

function render({ model, el }) {
  const id = `gw-board-${crypto.getRandomValues(new Uint32Array(1))[0]}-${(counter += 1)}`;
  const words = model.get("shown").words ?? {};
  const root = element("section", "gw-board", el);
  root.setAttribute("aria-labelledby", `${id}-title`);
  const head = element("div", "gw-board-head", root);
  const title = element("h3", "gw-board-title", head, words.title);
  title.id = `${id}-title`;
  const total = element("span", "gw-board-total", head);
  const bar = element("progress", "gw-board-bar", head);
  bar.setAttribute("aria-label", words.bar);
  const following = element("p", "gw-board-next", root);
  const home = element("p", "gw-board-home", root);
  const lessons = element("div", "gw-board-lessons", root);
  const buttons = element("div", "gw-board-buttons", root);
  const says = element("div", "gw-board-says", root);
  says.setAttribute("role", "status");
  const trouble = element("p", "gw-board-trouble", says);
  const message = element("p", "gw-board-message", says);
  const place = element("p", "gw-board-place", root);

  const anchor = (parent, text, href) => {
    const made = element(href ? "a" : "span", "", parent, text);
    if (href) leadTo(made, href, model.widget_manager);
    return made;
  };
  const button = (parent, text, act) => {
    const made = element("button", "gw-board-button", parent, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  button(buttons, words.export, () => model.send({ do: "export" }));
  const file = element("input", "", buttons);
  file.type = "file";
  file.accept = ".json,application/json";
  file.hidden = true;
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = ""; // so that the same file can be chosen once more
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) {
      model.send({ do: "refuse", text: "long" });
      return;
    }
    const text = await chosen.text().catch(() => null);
    model.send(
      text === null ? { do: "refuse", text: "unreadable" } : { do: "import", text },
    );
  });
  button(buttons, words.import, () => file.click());
  const afresh = button(buttons, words.afresh, () => ask(true));

  const question = element("div", "gw-board-question", root);
  question.setAttribute("role", "group");
  question.setAttribute("aria-labelledby", `${id}-question`);
  buttons.after(question);
  element("p", "", question, words.question).id = `${id}-question`;
  const yes = button(question, words.yes, () => {
    ask(false);
    model.send({ do: "afresh" });
  });
  yes.classList.add("gw-board-yes");
  const no = button(question, words.no, () => ask(false));
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    ask(false);
  });
  function ask(whether) {
    question.hidden = !whether;
    afresh.disabled = whether;
    (whether ? no : afresh).focus();
  }
  question.hidden = true;

  const rows = new Map();
  const counts = new Map();
  function build(shown) {
    for (const { number, title, href, exercises } of shown.lessons) {
      const card = element("section", "gw-board-lesson", lessons);
      const name = element("h4", "", card);
      name.id = `${id}-${number}`;
      card.setAttribute("aria-labelledby", name.id);
      element("span", "gw-board-number", name, `${number} `);
      anchor(name, title, href);
      counts.set(number, element("span", "gw-board-count", card));
      const list = element("ul", "", card);
      for (const { key, title } of exercises) {
        const row = element("li", "", list);
        const sign = element("span", "gw-board-sign", row);
        sign.setAttribute("aria-hidden", "true");
        element("span", "gw-board-key", row, key.slice(key.indexOf(".") + 1));
        element("span", "gw-board-exercise", row, title);
        const state = element("span", "gw-board-state", row);
        const outcome = element("span", "", state);
        const tries = element("span", "gw-board-tries", state);
        rows.set(key, { row, sign, outcome, tries });
      }
    }
  }

  let pointed = null;
  function update() {
    const shown = model.get("shown");
    if (!shown.lessons) return;
    if (!rows.size) build(shown);
    for (const { number, count, exercises } of shown.lessons) {
      setText(counts.get(number), count);
      for (const { key, sign, tone, outcome, tries } of exercises) {
        const of = rows.get(key);
        of.row.dataset.tone = tone;
        setText(of.sign, sign);
        setText(of.outcome, outcome);
        setText(of.tries, tries ? `, ${tries}` : "");
      }
    }
    setText(total, shown.total);
    bar.max = Math.max(1, shown.all);
    bar.value = shown.done;
    const { text, href } = shown.next;
    if (pointed !== text) {
      const focused = following.contains(document.activeElement);
      following.replaceChildren();
      const link = anchor(following, text, href);
      if (focused) link.focus();
      pointed = text;
    }
    setText(home, shown.home);
    setText(trouble, shown.trouble);
    setText(message, shown.message);
    setText(place, shown.place);
  }

  const receive = (content) => content.save && save(content.save, content.text);
  model.on("change:shown", update);
  model.on("msg:custom", receive);
  update();
  // Another notebook may have written to the file while this one was out of sight.
  const sight = new IntersectionObserver((seen) => {
    if (seen.at(-1).isIntersecting) model.send({ do: "look" });
  });
  sight.observe(root);
  return () => {
    sight.disconnect();
    model.off("change:shown", update);
    model.off("msg:custom", receive);
  };
}

export default { render };
