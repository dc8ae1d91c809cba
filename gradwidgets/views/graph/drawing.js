// Draws a laid-out graph as SVG, once per topology; later messages change only texts and colours.

const CELL_HEIGHT = 16;
const BADGE = 22;
const ABSENT_WIDTH = 72;
const FOCUS = 4; // between a box and the line around it that shows the focus
const MARGIN = 20; // pixels around what is shown: room for signs above boxes
const LARGEST_FIT = 1.4;
const CLASSROOM_SCALE = 1.2; // there 20 px on a screen of 1280
const SMALLEST_SCALE = 1; // texts are 11 px at scale 1 and never shrink below that by themselves
const STRIP_ZERO = "m".charCodeAt(0); // letters of a heat strip: see graph_tables.py
const STRIP_LEVELS = 12;
const SIGNS = { done: "✓", partial: "◐", ready: "●" }; // states are told apart without colour too
const FAULT_SIGNS = { "gw-wrong": "✗", "gw-warned": "!" };
const FAULTS = Object.keys(FAULT_SIGNS);
const FEW = 200; // boxes and edges that are always drawn, wherever they are
const STATES = ["done", "now", "partial", "ready", "waiting", "outside"];

// A number such as +5e-11 or +1e111 is pressed into its cell, rather than run into the next one.
function squeeze(element, text, width) {
  if (text.length > (width - 2) / 7) {
    element.setAttribute("textLength", width - 6);
    element.setAttribute("lengthAdjust", "spacingAndGlyphs");
  } else if (element.hasAttribute("textLength")) {
    element.removeAttribute("textLength");
    element.removeAttribute("lengthAdjust");
  }
}

function around(a, b) {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y };
}

class Drawing {
  constructor(scene, texts, root, arrow) {
    this.arrow = arrow; // the id of this view's arrow head: ids belong to the whole page
    this.boxes = new Map();
    this.cells = new Array(scene.count);
    this.edges = [];
    this.parts = []; // boxes and edges, and where they are
    this.lit = null;
    this.selected = null;
    const edges = svg("g", { class: "gw-edges", "aria-hidden": "true" }, root);
    const boxes = svg("g", { class: "gw-boxes" }, root);
    for (const edge of scene.edges) this.edge(edge, edges);
    for (const box of scene.boxes) this.box(box, boxes);
    texts.forEach((text, index) => this.set(index, text));
    this.many = this.parts.length > FEW;
    if (this.many) for (const part of this.parts) hide(part, true); // until `cull` shows some
  }

  edge({ tail, head, points, label, at }, parent) {
    const [first, ...rest] = points;
    const d = `M${first} C${rest.map((point) => point.join(",")).join(" ")}`;
    const path = svg("path", { d, class: "gw-edge", "marker-end": `url(#${this.arrow})` }, parent);
    path.dataset.tail = tail;
    path.dataset.head = head;
    this.edges.push(path);
    const xs = points.map((point) => point[0]);
    const ys = points.map((point) => point[1]);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    this.parts.push({ el: path, x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y });
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
        role: "button",
        tabindex: "-1",
        "aria-label": box.says,
      },
      parent,
    );
    group.dataset.node = box.id;
    svg("title", {}, group).textContent = box.hint;
    const frame = { class: "gw-frame", x: 0, y: top, width: box.w, height: box.h - top, rx: 4 };
    if (box.kind === "fold") svg("rect", { ...frame, x: 3, y: top + 3, class: "gw-stack" }, group);
    const outline = svg("rect", frame, group);
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
    for (const block of box.blocks) {
      if (block.form === "strip") this.strip(block, group);
      else this.table(block, group);
    }
    const ring = { class: "gw-focus", x: -FOCUS, y: -FOCUS, rx: 7 };
    svg("rect", { ...ring, width: box.w + 2 * FOCUS, height: box.h + 2 * FOCUS }, group);
    this.boxes.set(box.id, { group, frame: outline, box, top, sign: null, state: "" });
    this.parts.push({ el: group, id: box.id, x: box.x, y: box.y, w: box.w, h: box.h });
  }

  table({ x, y, rows, columns, cw, scale, first }, parent) {
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
        const text = svg("text", { class: "gw-number", x: left + cw - 4, y: upper + 12 }, group);
        this.cells[first + row * columns + column] = { rect, text, scale, width: cw, shown: null };
      }
    }
    const wide = Math.max(width, ABSENT_WIDTH) - 1;
    const rect = svg("rect", { class: "gw-veil", x, y, width: wide, height: height - 1, rx: 1.5 }, group);
    const text = svg("text", { class: "gw-absent", x: x + 4, y: y + 12 }, group);
    this.cells[first + rows * columns] = { rect, text, scale: "veil", shown: null };
  }

  strip({ x, y, columns, cw, scale, first }, parent) {
    const group = svg("g", { class: `gw-block gw-${scale} gw-strip` }, parent);
    const rects = [];
    for (let column = 0; column < columns; column += 1) {
      const at = { x: x + column * cw, y: y + 1, width: cw + 0.3, height: CELL_HEIGHT - 3 };
      rects.push(svg("rect", { class: "gw-cell", ...at }, group));
    }
    this.cells[first] = { rects, scale: "strip", shown: null };
  }

  set(index, text) {
    const cell = this.cells[index];
    if (!cell || cell.shown === text) return;
    cell.shown = text;
    if (cell.scale === "strip") {
      cell.rects.forEach((rect, i) => {
        const level = text.charCodeAt(i) - STRIP_ZERO; // NaN past the end
        rect.style.display = Number.isNaN(level) ? "none" : "";
        rect.classList.toggle("gw-bad", level > STRIP_LEVELS);
        rect.style.fill =
          level > STRIP_LEVELS ? "" : heatColour(level, Math.abs(level || 0) / STRIP_LEVELS);
      });
      return;
    }
    if (cell.text.firstChild) cell.text.firstChild.data = text; // cheaper than a new text node
    else cell.text.textContent = text;
    const display = text ? "" : "none";
    if (cell.rect.style.display !== display) cell.rect.style.display = display;
    if (cell.width) squeeze(cell.text, text, cell.width);
    if (cell.scale !== "veil") paint(cell.rect, cell.text, text, cell.scale, "fill");
  }

  // The size of each box's gradient, 0 to 100; null where there is none yet; []: no such colours.
  heat(shares) {
    let at = 0;
    for (const { group, frame } of this.boxes.values()) {
      const share = shares[at];
      at += 1;
      const warm = typeof share === "number";
      frame.style.fill = warm
        ? `color-mix(in srgb, var(--gw-large) ${share}%, var(--jp-layout-color0, #fff))`
        : "";
      group.classList.toggle("gw-on-heat", warm && share > 50);
      group.classList.toggle("gw-no-heat", shares.length > 0 && !warm);
    }
  }

  // Shows the states of a walk; returns what of it is to be seen, the most important last: the box
  // where it happens now together with the one at the edge's other end, then that box alone.
  mark({ boxes = null, edge = null, wrong = null, warning = false }) {
    const fault = warning ? "gw-warned" : "gw-wrong";
    let now = null;
    for (const [id, entry] of this.boxes) {
      const state = boxes?.[id] ?? "";
      if (state === "now") now = entry.box;
      const kind = id === wrong ? `${fault} ${state}` : state;
      if (entry.state === kind) continue;
      entry.state = kind;
      for (const name of STATES) entry.group.classList.toggle(`gw-${name}`, name === state);
      for (const name of FAULTS)
        entry.group.classList.toggle(name, id === wrong && name === fault);
      const sign = id === wrong ? FAULT_SIGNS[fault] : SIGNS[state];
      if (sign && !entry.sign)
        entry.sign = svg(
          "text",
          { class: "gw-state", x: entry.box.w - 1, y: entry.top - 3 },
          entry.group,
        );
      if (entry.sign) entry.sign.textContent = sign ?? "";
    }
    const lit = edge === null ? null : this.edges[edge];
    if (lit !== this.lit) {
      this.lit?.classList.remove("gw-now");
      this.lit?.setAttribute("marker-end", `url(#${this.arrow})`);
      lit?.classList.add("gw-now");
      lit?.setAttribute("marker-end", `url(#${this.arrow}-now)`);
      this.lit = lit;
    }
    if (!now) return [];
    return lit ? [around(now, this.boxes.get(lit.dataset.head).box), now] : [now];
  }

  select(id) {
    if (id === this.selected) return;
    const before = this.boxes.get(this.selected)?.group;
    before?.classList.remove("gw-selected");
    before?.removeAttribute("aria-current");
    this.selected = id;
    const after = this.boxes.get(id)?.group;
    after?.classList.add("gw-selected");
    after?.setAttribute("aria-current", "true");
  }

  // Returns the tensor of a box that is meant at a height within it: of several, the row there.
  tensorAt(id, y = null) {
    const { box } = this.boxes.get(id);
    const row = box.blocks.find((b) => y !== null && y >= b.y && y < b.y + b.rows * CELL_HEIGHT + 3);
    return row?.node ?? box.main;
  }

  words(id) {
    const { box } = this.boxes.get(id);
    const parts = [box.says];
    for (const { first, rows, columns, scale, form } of box.blocks) {
      if (form === "strip") continue;
      const texts = this.cells.slice(first, first + rows * columns + 1).map((cell) => cell.shown);
      parts.push(`${this.partNames[scale]}: ${texts.filter(Boolean).join(", ")}.`);
    }
    return parts.join(" ");
  }
}

// Of a large graph, only what is in sight is laid out and painted: a page with a thousand boxes would
// stand still for a second. Every box stays where it can be found and focused, but empty.
const AROUND = 200; // pixels of the graph around what is in sight

function hide(part, hidden) {
  part.hidden = hidden;
  if (!part.id) {
    part.el.style.display = hidden ? "none" : ""; // an edge
  } else if (hidden) {
    part.content = [...part.el.childNodes];
    part.el.replaceChildren();
  } else {
    part.el.append(...part.content);
  }
}

function cull({ many, parts }, { x, y, scale }, { width, height }) {
  if (!many) return;
  const left = -x / scale - AROUND;
  const top = -y / scale - AROUND;
  const right = (width - x) / scale + AROUND;
  const bottom = (height - y) / scale + AROUND;
  for (const part of parts) {
    const out =
      part.x > right || part.x + part.w < left || part.y > bottom || part.y + part.h < top;
    if (Boolean(part.hidden) !== out) hide(part, out);
  }
}

// The size of an element in its own pixels: the text of the page around may be enlarged by `zoom`.
const zoomOf = (el) => el.currentCSSZoom ?? 1;

const smallestScale = (el) => (el.closest(".gw-classroom") ? CLASSROOM_SCALE : SMALLEST_SCALE);

function roomOf(el) {
  const { width, height } = el.getBoundingClientRect();
  const zoom = zoomOf(el);
  return { width: width / zoom, height: height / zoom };
}

// The place of a mouse in the pixels of an element.
function placeIn(el, event) {
  const box = el.getBoundingClientRect();
  const zoom = zoomOf(el);
  return { x: (event.clientX - box.x) / zoom, y: (event.clientY - box.y) / zoom };
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
    this.onMove?.();
  }

  fit(scene) {
    const { width, height } = roomOf(this.stage);
    if (!width || !scene) return;
    const whole = Math.min(
      (width - 2 * MARGIN) / scene.width,
      (height - 2 * MARGIN) / scene.height,
      LARGEST_FIT,
    );
    this.scale = Math.max(whole, smallestScale(this.stage));
    // in the middle; what is too large to be read when shrunk begins at its upper left
    const place = (room, length) => Math.max(MARGIN, (room - length * this.scale) / 2);
    this.x = place(width, scene.width);
    this.y = place(height, scene.height);
    this.moved = false;
    this.apply();
  }

  // The height at which the width alone says how large a scene is shown.
  heightOf(scene) {
    const { width } = roomOf(this.stage);
    const scale = Math.min((width - 2 * MARGIN) / scene.width, LARGEST_FIT);
    return scene.height * Math.max(scale, smallestScale(this.stage)) + 2 * MARGIN;
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

  // Brings a box into the part of the stage that nothing covers; `covered` pixels at the right are.
  reveal(box, covered = 0) {
    const stage = roomOf(this.stage);
    const width = stage.width - covered;
    const { height } = stage;
    if (!width || !height) return;
    const shift = (low, high, room) =>
      low < MARGIN || high - low > room - 2 * MARGIN
        ? MARGIN - low
        : Math.min(0, room - MARGIN - high);
    const left = this.x + box.x * this.scale;
    const top = this.y + box.y * this.scale;
    const dx = shift(left, left + box.w * this.scale, width);
    const dy = shift(top, top + box.h * this.scale, height);
    this.x += dx;
    this.y += dy;
    if (dx || dy) this.apply();
  }
}
