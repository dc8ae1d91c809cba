// The visible line changes with every frame; the hidden one, which is read aloud, at most every 2 s.

const SAY_EVERY = 2000; // ms

function render({ model, el }) {
  el.lang = model.get("lang");
  const line = document.createElement("div");
  line.className = "gw-status-line";
  line.setAttribute("aria-hidden", "true");
  const said = document.createElement("div");
  said.className = "gw-hidden";
  said.setAttribute("role", "status");
  el.append(line, said);

  let saidAt = -Infinity;
  let timer = null;
  function say() {
    clearTimeout(timer);
    timer = null;
    saidAt = performance.now();
    said.textContent = model.get("line");
  }
  function onLine() {
    drawLine(line, model.get("line"));
    const wait = saidAt + SAY_EVERY - performance.now();
    if (wait <= 0) say();
    else timer ??= setTimeout(say, wait);
  }
  function onMessage({ announce }) {
    if (announce === undefined) return;
    drawLine(line, announce);
    say();
  }
  model.on("change:line", onLine);
  model.on("msg:custom", onMessage);
  drawLine(line, model.get("line"));
  say();
  return () => {
    clearTimeout(timer);
    model.off("change:line", onLine);
    model.off("msg:custom", onMessage);
  };
}

// Each part of "epoch 12 · step 48 · …" keeps its place: a label, a number in bold, what follows.
function drawLine(line, text) {
  const parts = text.split(" · ");
  while (line.children.length > parts.length) line.lastChild.remove();
  parts.forEach((part, index) => {
    let item = line.children[index];
    if (!item) {
      item = document.createElement("span");
      item.className = "gw-status-part";
      item.append(...["span", "b", "span"].map((tag) => document.createElement(tag)));
      line.append(item);
    }
    const cut = part.lastIndexOf(" ") + 1;
    const after = index < parts.length - 1 ? " · " : "";
    [part.slice(0, cut), part.slice(cut), after].forEach((words, place) => {
      const child = item.children[place];
      if (child.textContent !== words) child.textContent = words;
    });
  });
}

export default { render };
