// One view of a graph: its stage, its tools, and what comes from and goes to the kernel.

const HINT_MS = 1500; // for so long a hint is shown after the wheel has stood still

// Keyboards of Apple have ⌘ where the others have Ctrl.
function withKey(words, key) {
  return words.replace("{key}", /Mac|iP(hone|ad|od)/.test(navigator.platform) ? "⌘" : key);
}

function render({ model, el }) {
  el.lang = model.get("lang");
  const texts = model.get("texts");
  const leaving = new AbortController();
  const on = (target, type, listener, options = {}) =>
    target.addEventListener(type, listener, { ...options, signal: leaving.signal });

  const root = html("div", "gw-graph-root gw-heat", el);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("label"));
  const description = html("div", "gw-hidden", root);
  description.id = `gw-${Math.random().toString(36).slice(2)}`;
  root.setAttribute("aria-describedby", description.id);
  const stage = html("div", "gw-stage", root);
  const picture = svg("svg", { class: "gw-svg" }, stage);
  const defs = svg("defs", {}, picture);
  for (const [id, className] of [["arrow", ""], ["arrow-now", "gw-now"]]) {
    const size = { viewBox: "0 0 8 8", refX: 1, refY: 4, markerWidth: 7, markerHeight: 7 };
    const marker = svg(
      "marker",
      { id: `${description.id}-${id}`, ...size, orient: "auto", markerUnits: "userSpaceOnUse" },
      defs,
    );
    svg("path", { d: "M0,0 L8,4 L0,8 z", class: `gw-arrow-head ${className}` }, marker);
  }
  const layer = svg("g", {}, picture);
  const empty = html("div", "gw-empty", stage, texts.empty);
  const outline = html("ol", "gw-hidden gw-outline", root);
  outline.setAttribute("aria-label", texts.outline);
  const foot = html("div", "gw-graph-foot", root);
  const legend = new Legend(foot, texts);
  const caption = html("span", "gw-caption", foot);
  const tools = html("div", "gw-graph-tools", foot);

  const camera = new Camera(stage, layer);
  camera.onMove = () => drawing && cull(drawing, camera, roomOf(stage));
  let drawing = null;
  let scene = null;
  let key = null; // of the layout that is drawn
  let shown = []; // its texts
  let frame = 0; // the number of the last message
  let stale = false; // until the whole picture has come again
  let order = [];
  let focused = -1;
  let follows = false; // the inspector is open, or asked for, and goes with the keyboard
  let now = []; // what is to be seen of the place where a walk stands, see `mark`
  let colour = "value";
  const asked = new Map(); // what a file that was asked for is wanted as

  const tool = (name, sign, act, help = texts[name]) => {
    const button = html("button", "gw-tool", tools, sign);
    button.type = "button";
    button.setAttribute("aria-label", texts[name]);
    button.title = withKey(help, texts.key);
    on(button, "click", act);
    return button;
  };
  tool("zoom_in", "+", () => zoomAtCentre(1.25), texts["zoom_in.help"]);
  tool("zoom_out", "−", () => zoomAtCentre(0.8), texts["zoom_out.help"]);
  tool("fit", "⤢", () => fit());
  const whole = tool("full_screen", "□", toggleFullScreen);
  const more = tool("more", "⋯", () => menu.toggle());
  const menu = new Menu(root, more, texts.more, on);
  menu.add(texts["colour.value"], () => model.send({ colour: "value" }), "value");
  menu.add(texts["colour.gradient"], () => model.send({ colour: "gradient" }), "gradient");
  menu.line();
  menu.add(texts["save.svg"], () => save("svg"));
  menu.add(texts["save.png"], () => save("png"));
  menu.add(texts["save.dot"], () => save("dot"));

  function zoomAtCentre(factor) {
    const { width, height } = roomOf(stage);
    camera.zoom(factor, width / 2, height / 2);
  }

  function covered() {
    const drawer = el.parentElement?.querySelector(":scope > .gw-drawer:not(.gw-closed)");
    return drawer ? roomOf(drawer).width : 0;
  }

  // Of boxes that are not seen all together, the last one is.
  function lookAt(boxes) {
    for (const box of boxes) camera.reveal(box, covered());
  }

  // The whole graph, or what can be read of it; then the place where something happens.
  function fit() {
    camera.fit(scene);
    const box = drawing?.boxes.get(drawing.selected)?.box;
    if (now.length) lookAt(now);
    else if (box) lookAt([box]);
  }

  function surroundings() {
    return el.closest(".gw-graph-view") ?? root;
  }

  function toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else surroundings().requestFullscreen?.();
  }
  on(document, "fullscreenchange", () => {
    const full = document.fullscreenElement === surroundings();
    whole.setAttribute("aria-pressed", String(full));
    whole.title = texts[full ? "full_screen.leave" : "full_screen"];
    if (!full) return;
    hideHint();
    camera.moved = false; // shown whole on the larger stage
    fit();
  });

  function draw(message) {
    scene = message.scene;
    layer.replaceChildren();
    empty.hidden = true;
    stage.querySelector(".gw-dot")?.remove();
    description.textContent = message.says;
    outline.replaceChildren(...message.outline.map((line) => html("li", "", null, line)));
    now = [];
    if (!scene) {
      drawing = null;
      empty.hidden = false;
      empty.textContent = message.says;
      html("pre", "gw-dot", stage, message.dot);
      return;
    }
    const again = order[focused];
    drawing = new Drawing(scene, message.texts, layer, `${description.id}-arrow`);
    drawing.partNames = texts;
    order = scene.boxes
      .slice()
      .sort((a, b) => a.y - b.y || a.x - b.x)
      .map((box) => box.id);
    focused = Math.max(0, order.indexOf(again));
    drawing.boxes.get(order[focused])?.group.setAttribute("tabindex", "0");
    tellHeight();
    camera.fit(scene);
  }

  // What the whole graph would take; whoever gives the picture its height may go by it.
  function tellHeight() {
    if (!scene) return;
    const height = camera.heightOf(scene) + foot.offsetHeight;
    el.parentElement?.style.setProperty("--gw-natural", `${Math.ceil(height)}px`);
  }

  function onMessage(message) {
    if (message.file !== undefined) {
      deliver(message);
      return;
    }
    const whole = message.scene !== undefined || message.dot !== undefined;
    if (whole) {
      shown = message.texts;
      stale = false;
    } else if (drawing && !stale && message.n !== frame + 1) {
      stale = true; // the line was broken, and changes are lost
      model.send({ hello: true });
    }
    frame = message.n;
    if (stale) return;
    if (whole && (!drawing || message.key !== key)) draw(message);
    else if (drawing && whole) shown.forEach((text, index) => drawing.set(index, text));
    else if (drawing && message.at) change(message);
    if (whole) key = message.key;
    if (message.caption !== undefined) caption.textContent = message.caption;
    if (message.colour !== undefined) {
      colour = message.colour;
      root.classList.toggle("gw-by-gradient", colour === "gradient");
      menu.check(colour);
      legend.show(colour);
    }
    if (drawing) show(message);
    root.dataset.frame = message.n;
    if (!message.ack) return;
    const done = () => model.send({ ack: message.n });
    document.hidden ? done() : requestAnimationFrame(done);
  }

  // The inverse of drawing/changes.py.
  function change({ at, texts: lines }) {
    const news = lines.split("\n");
    let place = -1;
    let next = 0;
    for (const letter of at) {
      const step = parseInt(letter, 36);
      place += step || 35;
      if (!step) continue;
      const [stays, ...others] = news[next++];
      const before = [...shown[place]].slice(0, parseInt(stays, 36));
      shown[place] = before.join("") + others.join("");
      drawing.set(place, shown[place]);
    }
  }

  function show({ heat, marks, select: chosen }) {
    if (heat !== undefined) drawing.heat(heat);
    if (chosen !== undefined) {
      follows = chosen !== null;
      drawing.select(chosen?.box ?? null);
      const box = drawing.boxes.get(chosen?.box)?.box;
      // an open drawer must not hide what it is about
      if (box) requestAnimationFrame(() => camera.reveal(box, covered()));
    }
    if (marks === undefined) return;
    root.classList.toggle("gw-marked", Boolean(marks.boxes && Object.keys(marks.boxes).length));
    now = drawing.mark(marks);
    if (now.length) lookAt(now);
    else if (marks.wrong) lookAt([drawing.boxes.get(marks.wrong).box]);
  }

  // -- keyboard and mouse

  // The box that the keyboard has come to may be out of sight, in the stage or with all of it.
  function bring({ group, box }) {
    camera.reveal(box, covered());
    group.scrollIntoView({ block: "nearest", inline: "nearest" });
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
    bring({ group, box });
    if (follows) select(drawing.tensorAt(box.id));
  }

  function select(tensor) {
    follows = tensor !== null;
    model.send({ select: tensor });
  }

  on(picture, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !drawing) return;
    const walking = el.closest(".gw-stepper"); // whose own keys these are
    const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: order.length - 1 }[event.key];
    if (walking && !["ArrowDown", "ArrowUp", "Enter", "Escape"].includes(event.key)) return;
    if (move !== undefined || end !== undefined) focusNode(end ?? focused + move);
    else if (event.key === "Enter" || event.key === " ")
      select(drawing.tensorAt(order[focused]));
    else if (event.key === "Escape" && follows) select(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  on(root, "keydown", (event) => {
    const leaves = event.key === "Escape" && document.fullscreenElement === surroundings();
    if ((event.key !== "f" && !leaves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    toggleFullScreen();
  });
  // not of the <svg>: with a listener for the focus it would become a stop of the Tab key itself
  on(stage, "focusin", (event) => {
    const node = event.target.closest?.("[data-node]")?.dataset.node;
    if (!node || !drawing) return;
    event.target.setAttribute("aria-label", drawing.words(node));
    if (event.target.matches(":focus-visible")) bring(drawing.boxes.get(node));
  });

  // The wheel is the page's, which would stand still over every graph otherwise. It zooms where
  // somebody works in the graph (a click or Tab brings the keyboard here), and with a key held;
  // a pinch on a touchpad comes as a wheel with Ctrl.
  const hint = html("div", "gw-wheel-hint", stage, withKey(texts.wheel, texts.key));
  hint.setAttribute("aria-hidden", "true"); // the keyboard has no wheel
  hint.hidden = true;
  let hintTimer = 0;

  function zooms(event) {
    const whole = document.fullscreenElement === surroundings(); // where nothing scrolls
    return event.ctrlKey || event.metaKey || whole || stage.contains(document.activeElement);
  }

  function hideHint() {
    clearTimeout(hintTimer);
    hint.hidden = true;
  }

  on(
    stage,
    "wheel",
    (event) => {
      if (!scene) return;
      if (!zooms(event)) {
        clearTimeout(hintTimer);
        hintTimer = setTimeout(hideHint, HINT_MS);
        hint.style.right = `${covered() + 10}px`;
        hint.hidden = false;
        return;
      }
      event.preventDefault();
      hideHint();
      const { x, y } = placeIn(stage, event);
      const speed = event.deltaMode === 1 ? 0.05 : 0.0016;
      camera.zoom(Math.exp(-event.deltaY * speed), x, y);
    },
    { passive: false },
  );
  let held = null;
  let dragged = false;
  on(stage, "pointerdown", (event) => {
    dragged = false;
    if (event.button === 0 && !event.target.closest("button"))
      held = { x: event.clientX, y: event.clientY, id: event.pointerId };
  });
  on(stage, "pointermove", (event) => {
    if (!held) return;
    const dx = event.clientX - held.x;
    const dy = event.clientY - held.y;
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    if (!dragged) stage.setPointerCapture(held.id);
    dragged = true;
    held.x = event.clientX;
    held.y = event.clientY;
    camera.pan(dx / zoomOf(stage), dy / zoomOf(stage));
  });
  const release = () => (held = null);
  on(stage, "pointerup", release);
  on(stage, "pointercancel", release);
  on(stage, "click", (event) => {
    const group = event.target.closest("[data-node]");
    if (!drawing) return;
    if (dragged || !group) {
      // somebody works here now: the arrow keys and the wheel are for the graph
      if (!layer.contains(document.activeElement))
        drawing.boxes.get(order[focused])?.group.focus({ preventScroll: true });
      return;
    }
    const id = group.dataset.node;
    const { box } = drawing.boxes.get(id);
    const y = (placeIn(stage, event).y - camera.y) / camera.scale - box.y;
    drawing.boxes.get(order[focused])?.group.setAttribute("tabindex", "-1");
    focused = order.indexOf(id);
    group.setAttribute("tabindex", "0");
    group.focus({ preventScroll: true });
    select(drawing.tensorAt(id, y));
  });
  on(stage, "dblclick", (event) => {
    if (!event.target.closest("[data-node]")) fit();
  });

  const sizes = new ResizeObserver(() => {
    // a drawer beside this picture ends above what stands below the stage
    el.parentElement?.style.setProperty("--gw-foot", `${foot.offsetHeight}px`);
    tellHeight();
    if (!camera.moved) fit();
  });
  sizes.observe(stage);

  // -- files

  function save(kind) {
    const ticket = `${description.id}-${asked.size}`;
    asked.set(ticket, kind);
    model.send({ save: kind === "dot" ? "dot" : "svg", ticket });
  }

  // Another page may show the same graph: only the one that has asked gets the file.
  async function deliver({ file, name, ticket }) {
    const kind = asked.get(ticket);
    if (kind === undefined) return;
    asked.delete(ticket);
    if (file === null) {
      caption.textContent = name;
      return;
    }
    const type = kind === "dot" ? "text/vnd.graphviz" : "image/svg+xml";
    const blob = new Blob([file], { type });
    download(kind === "png" ? await pngOf(blob) : blob, `${name}.${kind}`);
  }

  const receive = (message) => {
    try {
      onMessage(message);
    } catch (error) {
      console.error(error); // the widget manager would pass over it in silence
      throw error;
    }
  };
  model.on("msg:custom", receive);
  model.send({ hello: true });
  return () => {
    leaving.abort();
    hideHint();
    sizes.disconnect();
    model.off("msg:custom", receive);
  };
}

export default { render };
