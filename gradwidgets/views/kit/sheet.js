// Shows a list of blocks (told in sheet.py); blocks that stay the same keep their elements.

// Names of tensors stand between backticks; they may run in another direction than the sentence.
function words(tag, className, parent, text) {
  const el = html(tag, className, parent);
  text.split("`").forEach((part, index) => {
    if (index % 2) html("bdi", "gw-name", el, part);
    else el.append(part);
  });
  return el;
}

const paragraph = (className) => (block) => words("p", className, null, block.text);

function numbersTable(block) {
  const figure = html("figure", "gw-figure-table");
  const { rows, caption, part, scale } = block;
  if (caption) words("figcaption", "gw-table-caption", figure, caption);
  if (rows.length) {
    const table = html("table", "gw-table", figure);
    if (caption) table.setAttribute("aria-label", caption.replaceAll("`", ""));
    const body = html("tbody", "", table);
    for (const row of rows) {
      const line = html("tr", "", body);
      for (const text of row) {
        const cell = html("td", "gw-table-cell", line, text);
        paint(cell, cell, text, scale, "background");
      }
    }
  }
  if (part) html("span", "gw-table-part", figure, part);
  return figure;
}

const makers = {
  title(block) {
    return words(block.level === 2 ? "h5" : "h4", "gw-sheet-title", null, block.text);
  },

  text(block) {
    const el = paragraph("gw-sheet-text")(block);
    el.classList.toggle("gw-trouble", block.tone === "trouble");
    return el;
  },

  formula(block) {
    return html("p", "gw-formula", null, block.text);
  },

  facts({ pairs }) {
    const el = html("dl", "gw-facts");
    for (const [what, value] of pairs) {
      words("dt", "", el, what);
      words("dd", "", el, value);
    }
    return el;
  },

  table: numbersTable,

  equation({ items }) {
    const el = html("div", "gw-equation");
    for (const item of items) {
      if (typeof item === "string") html("span", "gw-sign", el, item);
      else el.append(numbersTable(item));
    }
    return el;
  },

  lines({ lines }) {
    const el = html("ul", "gw-lines");
    for (const line of lines) words("li", "", el, line);
    return el;
  },

  links({ label, items }, go) {
    const el = html("div", "gw-links");
    el.setAttribute("role", "group");
    el.setAttribute("aria-label", label);
    html("span", "gw-links-label", el, label);
    for (const { node, text } of items) {
      const button = html("button", "gw-link", el, text);
      button.type = "button";
      button.title = text;
      button.addEventListener("click", () => go(node));
    }
    return el;
  },
};

function render({ model, el }) {
  el.lang = model.get("lang");
  const texts = model.get("texts");
  const root = html("section", "gw-sheet-root gw-heat", el);
  root.setAttribute("aria-label", model.get("label"));
  root.tabIndex = 0; // so that it can be scrolled with the keyboard
  if (model.get("closable")) {
    const close = html("button", "gw-sheet-close", root, "✕");
    close.type = "button";
    close.title = texts.close;
    close.setAttribute("aria-label", texts.close);
    close.addEventListener("click", () => model.send({ close: true }));
  }
  // JupyterLab has single keys of its own (arrows move between cells); here they scroll.
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && model.get("closable")) model.send({ close: true });
    else if (event.key === "Escape" || el.closest(".gw-stepper")) return;
    event.stopPropagation();
  });
  const body = html("div", "gw-sheet-body", root);
  const go = (node) => model.send({ go: node });
  let shown = [];

  function update() {
    const blocks = model.get("blocks").map((block) => ({ block, key: JSON.stringify(block) }));
    blocks.forEach((one, index) => {
      const kept = shown[index];
      if (kept?.key === one.key) {
        one.el = kept.el;
        return;
      }
      one.el = makers[one.block.kind](one.block, go);
      if (kept) kept.el.replaceWith(one.el);
      else body.append(one.el);
    });
    for (const gone of shown.slice(blocks.length)) gone.el.remove();
    if (blocks[0]?.key !== shown[0]?.key) root.scrollTop = 0; // about something else
    shown = blocks;
  }
  const onOpen = () => el.classList.toggle("gw-closed", !model.get("shown"));
  model.on("change:blocks", update);
  model.on("change:shown", onOpen);
  onOpen();
  update();
  return () => {
    model.off("change:blocks", update);
    model.off("change:shown", onOpen);
  };
}

export default { render };
