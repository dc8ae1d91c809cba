// Draws a laid-out graph as SVG, once per topology; later messages change only texts and colours.
// All texts are set with textContent: whatever a learner calls a tensor stays text.

const SVG = "http://www.w3.org/2000/svg";
const CELL_HEIGHT = 16;
const BADGE = 22;
const ABSENT_WIDTH = 72;
const SMALLEST_SCALE = 1; // texts are 11 px at scale 1 and never shrink below that by themselves

function svg(tag, attributes = {}, parent = null) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

function html(tag, className, parent, textContent = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = textContent;
  parent.append(element);
  return element;
}

function numberOf(text) {
  return parseFloat(text.replace(/^[↓ø↑]/, "").replace("−", "-").replace("inf", "Infinity"));
}

// Data: linear up to 1. Gradients: logarithmic from 0.0001 to 1, so that small ones still show.
function strength(value, scale) {
  const size = Math.abs(value);
  if (scale === "data") return Math.min(1, size);
  return size === 0 ? 0 : Math.min(1, Math.max(0.04, (Math.log10(size) + 4) / 4));
}

class Drawing {
  constructor(scene, texts, root, arrow) {
    this.arrow = arrow; // the id of this view's arrow head: ids belong to the whole page
    this.boxes = new Map();
    this.cells = new Array(scene.count);
    const edges = svg("g", { class: "gw-edges", "aria-hidden": "true" }, root);
    const boxes = svg("g", { class: "gw-boxes" }, root);
    for (const edge of scene.edges) this.edge(edge, edges);
    for (const box of scene.boxes) this.box(box, boxes);
    texts.forEach((text, index) => this.set(index, text));
  }

  edge({ tail, head, points, label, at }, parent) {
    const [first, ...rest] = points;
    const d = `M${first} C${rest.map((point) => point.join(",")).join(" ")}`;
    const path = svg("path", { d, class: "gw-edge", "marker-end": `url(#${this.arrow})` }, parent);
    path.dataset.tail = tail;
    path.dataset.head = head;
    if (label && at) {
      const text = svg("text", { x: at[0] + 6, y: at[1] + 4, class: "gw-edge-label" }, parent);
      text.textContent = label;
    }
  }

  box(box, parent) {
    const top = box.badge ? BADGE / 2 + 2 : 0;
    const group = svg(
      "g",
      {
        class: `gw-box gw-${box.kind}`,
        transform: `translate(${box.x},${box.y})`,
        role: "img",
        tabindex: "-1",
        "aria-label": box.says,
      },
      parent,
    );
    group.dataset.node = box.id;
    svg(
      "rect",
      { class: "gw-frame", x: 0, y: top, width: box.w, height: box.h - top, rx: 4 },
      group,
    );
    if (box.badge) {
      const wide = Math.max(BADGE, 8 + 7.5 * [...box.badge].length);
      svg(
        "rect",
        { class: "gw-badge", x: (box.w - wide) / 2, y: 0, width: wide, height: BADGE, rx: BADGE / 2 },
        group,
      );
      const text = svg("text", { class: "gw-badge-text", x: box.w / 2, y: BADGE / 2 + 4.5 }, group);
      text.textContent = box.badge;
    }
    for (const [x, y, name, text] of box.titles) {
      svg("text", { x, y, class: name }, group).textContent = text;
    }
    for (const block of box.blocks) this.block(block, group);
    this.boxes.set(box.id, { group, box });
  }

  block({ x, y, rows, columns, cw, scale, first }, parent) {
    const group = svg("g", { class: `gw-block gw-${scale}` }, parent);
    const width = columns * cw;
    const height = rows * CELL_HEIGHT;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const left = x + column * cw;
        const upper = y + row * CELL_HEIGHT;
        const rect = svg(
          "rect",
          { class: "gw-cell", x: left, y: upper, width: cw - 1, height: CELL_HEIGHT - 1, rx: 1.5 },
          group,
        );
        const text = svg(
          "text",
          { class: "gw-number", x: left + cw - 4, y: upper + 12 },
          group,
        );
        this.cells[first + row * columns + column] = { rect, text, scale, shown: null };
      }
    }
    const rect = svg(
      "rect",
      { class: "gw-veil", x, y, width: Math.max(width, ABSENT_WIDTH) - 1, height: height - 1, rx: 1.5 },
      group,
    );
    const text = svg("text", { class: "gw-absent", x: x + 4, y: y + 12 }, group);
    this.cells[first + rows * columns] = { rect, text, scale: "veil", shown: null };
  }

  set(index, text) {
    const cell = this.cells[index];
    if (!cell || cell.shown === text) return;
    cell.shown = text;
    cell.text.textContent = text;
    const style = cell.rect.style;
    if (cell.scale === "veil") {
      style.display = text ? "" : "none";
      return;
    }
    style.display = text ? "" : "none";
    const value = numberOf(text);
    const bad = text !== "" && !Number.isFinite(value);
    cell.rect.classList.toggle("gw-bad", bad);
    if (bad || text === "") {
      style.removeProperty("fill");
      cell.text.classList.remove("gw-on-strong");
      return;
    }
    const share = strength(value, cell.scale);
    const colour = value < 0 ? "var(--gw-minus)" : "var(--gw-plus)";
    style.fill = `color-mix(in srgb, ${colour} ${Math.round(share * 100)}%, var(--gw-zero))`;
    cell.text.classList.toggle("gw-on-strong", share > 0.55 && value > 0);
    cell.text.classList.toggle("gw-on-strong-minus", share > 0.55 && value < 0);
  }

  words(id) {
    const { box } = this.boxes.get(id);
    const parts = [box.says];
    for (const { first, rows, columns, scale } of box.blocks) {
      const texts = this.cells.slice(first, first + rows * columns + 1).map((cell) => cell.shown);
      parts.push(`${this.partNames[scale]}: ${texts.filter(Boolean).join(", ")}.`);
    }
    return parts.join(" ");
  }
}

// Zoom and pan of one <g>, in the coordinates of the element on the page.
class Camera {
  constructor(stage, layer) {
    this.stage = stage;
    this.layer = layer;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.moved = false; // by hand: a new size then keeps the place
  }

  apply() {
    this.layer.setAttribute("transform", `translate(${this.x},${this.y}) scale(${this.scale})`);
  }

  fit(scene) {
    const { width, height } = this.stage.getBoundingClientRect();
    if (!width || !scene) return;
    const margin = 4;
    const whole = Math.min(
      (width - 2 * margin) / scene.width,
      (height - 2 * margin) / scene.height,
      1.4,
    );
    this.scale = Math.max(whole, SMALLEST_SCALE);
    // in the middle; what is too large to be read when shrunk begins at its upper left
    const place = (room, length) => Math.max(margin, (room - length * this.scale) / 2);
    this.x = place(width, scene.width);
    this.y = place(height, scene.height);
    this.moved = false;
    this.apply();
  }

  zoom(factor, x, y) {
    const scale = Math.min(5, Math.max(0.15, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.moved = true;
    this.apply();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.moved = true;
    this.apply();
  }

  reveal(box) {
    const { width, height } = this.stage.getBoundingClientRect();
    const margin = 12;
    const shift = (low, high, room) =>
      low < margin ? margin - low : high > room - margin ? room - margin - high : 0;
    const left = this.x + box.x * this.scale;
    const top = this.y + box.y * this.scale;
    const dx = shift(left, left + box.w * this.scale, width);
    const dy = shift(top, top + box.h * this.scale, height);
    if (dx || dy) this.pan(dx, dy);
  }
}

function render({ model, el }) {
  const texts = model.get("texts");
  const leaving = new AbortController();
  const on = (target, type, listener, options = {}) =>
    target.addEventListener(type, listener, { ...options, signal: leaving.signal });

  const root = html("div", "gw-graph-root", el);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("label"));
  const description = html("div", "gw-hidden", root);
  description.id = `gw-${Math.random().toString(36).slice(2)}`;
  root.setAttribute("aria-describedby", description.id);
  const stage = html("div", "gw-stage", root);
  const picture = svg("svg", { class: "gw-svg" }, stage);
  const defs = svg("defs", {}, picture);
  const marker = svg(
    "marker",
    { id: `${description.id}-arrow`, viewBox: "0 0 8 8", refX: 1, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    defs,
  );
  svg("path", { d: "M0,0 L8,4 L0,8 z", class: "gw-arrow-head" }, marker);
  const layer = svg("g", {}, picture);
  const empty = html("div", "gw-empty", stage, texts.empty);
  const foot = html("div", "gw-graph-foot", root);
  drawLegend(foot, texts);
  const caption = html("span", "gw-caption", foot);
  const tools = html("div", "gw-graph-tools", foot);

  const camera = new Camera(stage, layer);
  let drawing = null;
  let scene = null;
  let order = [];
  let focused = -1;

  for (const [key, sign, act] of [
    ["zoom_in", "+", () => zoomAtCentre(1.25)],
    ["zoom_out", "−", () => zoomAtCentre(0.8)],
    ["fit", "⤢", () => camera.fit(scene)],
  ]) {
    const button = html("button", "gw-tool", tools, sign);
    button.type = "button";
    button.setAttribute("aria-label", texts[key]);
    button.title = texts[key];
    on(button, "click", act);
  }

  function zoomAtCentre(factor) {
    const { width, height } = stage.getBoundingClientRect();
    camera.zoom(factor, width / 2, height / 2);
  }

  function draw(message) {
    scene = message.scene;
    layer.replaceChildren();
    empty.hidden = true;
    stage.querySelector(".gw-dot")?.remove();
    description.textContent = message.says;
    if (!scene) {
      drawing = null;
      empty.hidden = false;
      empty.textContent = message.says;
      html("pre", "gw-dot", stage, message.dot);
      return;
    }
    const again = order[focused];
    drawing = new Drawing(scene, message.texts, layer, marker.id);
    drawing.partNames = texts;
    order = scene.boxes
      .slice()
      .sort((a, b) => a.y - b.y || a.x - b.x)
      .map((box) => box.id);
    focused = Math.max(0, order.indexOf(again));
    drawing.boxes.get(order[focused])?.group.setAttribute("tabindex", "0");
    camera.fit(scene);
  }

  function onMessage(message) {
    if (message.scene || message.dot) {
      draw(message);
    } else if (drawing && message.at) {
      message.at.forEach((index, i) => drawing.set(index, message.texts[i]));
    }
    if (message.caption !== undefined) caption.textContent = message.caption;
    root.dataset.frame = message.n;
    if (!message.ack) return;
    const done = () => model.send({ ack: message.n });
    document.hidden ? done() : requestAnimationFrame(done);
  }

  function focusNode(index) {
    if (!drawing || !order.length) return;
    const before = drawing.boxes.get(order[focused])?.group;
    focused = (index + order.length) % order.length;
    const { group, box } = drawing.boxes.get(order[focused]);
    before?.setAttribute("tabindex", "-1");
    group.setAttribute("tabindex", "0");
    group.setAttribute("aria-label", drawing.words(box.id));
    group.focus({ preventScroll: true });
    camera.reveal(box);
  }

  on(picture, "keydown", (event) => {
    const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: order.length - 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (move === undefined && end === undefined))
      return;
    event.preventDefault();
    event.stopPropagation();
    focusNode(end ?? focused + move);
  });
  on(picture, "focusin", (event) => {
    const node = event.target.closest?.("[data-node]")?.dataset.node;
    if (node && drawing) event.target.setAttribute("aria-label", drawing.words(node));
  });

  on(
    stage,
    "wheel",
    (event) => {
      if (!scene) return;
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      const speed = event.deltaMode === 1 ? 0.05 : 0.0016;
      camera.zoom(Math.exp(-event.deltaY * speed), event.clientX - box.x, event.clientY - box.y);
    },
    { passive: false },
  );
  let held = null;
  on(stage, "pointerdown", (event) => {
    if (event.button === 0 && !event.target.closest("button"))
      held = { x: event.clientX, y: event.clientY, dragging: false, id: event.pointerId };
  });
  on(stage, "pointermove", (event) => {
    if (!held) return;
    const dx = event.clientX - held.x;
    const dy = event.clientY - held.y;
    if (!held.dragging && Math.hypot(dx, dy) < 4) return;
    if (!held.dragging) stage.setPointerCapture(held.id);
    held.dragging = true;
    held.x = event.clientX;
    held.y = event.clientY;
    camera.pan(dx, dy);
  });
  const release = () => (held = null);
  on(stage, "pointerup", release);
  on(stage, "pointercancel", release);
  on(stage, "dblclick", () => camera.fit(scene));

  const sizes = new ResizeObserver(() => {
    if (!camera.moved) camera.fit(scene);
  });
  sizes.observe(stage);

  model.on("msg:custom", onMessage);
  model.send({ hello: true });
  return () => {
    leaving.abort();
    sizes.disconnect();
    model.off("msg:custom", onMessage);
  };
}

function drawLegend(parent, texts) {
  const legend = html("div", "gw-legend", parent);
  legend.setAttribute("aria-hidden", "true");
  const scale = html("span", "gw-legend-item", legend);
  scale.title = texts.scale;
  html("span", "", scale, "−1");
  html("span", "gw-legend-bar", scale);
  html("span", "", scale, "+1");
  const frames = [
    ["gw-legend-parameter", texts.kind_parameter],
    ["gw-legend-input", texts.kind_input],
  ];
  for (const [className, name] of frames) {
    const item = html("span", "gw-legend-item", legend);
    html("span", `gw-legend-box ${className}`, item);
    html("span", "", item, name);
  }
  html("span", "gw-legend-item", legend, texts.legend);
}

export default { render };
