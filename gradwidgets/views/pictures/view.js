// Shows PNG frames in one <img>, acknowledges each one when it is on screen, and reports the size and
// the theme of the page. Only the newest frame is ever decoded.

// A part of the page may have colours of its own, as the classroom view has.
function pageColours(el) {
  const style = getComputedStyle(el);
  const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const light = document.body.dataset.jpThemeLight;
  const dark =
    light === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
  return {
    dark,
    background: colour("--jp-layout-color0", dark ? "#111111" : "#ffffff"),
    foreground: colour("--jp-content-font-color1", dark ? "#e0e0e0" : "#212121"),
    grid: colour("--jp-border-color2", dark ? "#424242" : "#e0e0e0"),
  };
}

function render({ model, el }) {
  el.lang = model.get("lang");
  const image = document.createElement("img");
  image.className = "gw-image";
  image.alt = model.get("label");
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", model.get("label"));
  image.draggable = false;
  el.append(image);

  let waiting = null; // the newest frame that is not shown yet
  let showing = false;
  let shownUrl = null;
  let gone = false;

  async function showNewest() {
    if (showing || !waiting) return;
    showing = true;
    const { n, ack, alt, blob } = waiting;
    waiting = null;
    const url = URL.createObjectURL(blob);
    const next = new Image();
    next.src = url;
    try {
      await next.decode();
    } catch {
      // a frame that cannot be decoded is passed over; the next one comes soon
    }
    const done = () => {
      if (gone) return URL.revokeObjectURL(url);
      image.src = url;
      image.dataset.frame = n;
      image.setAttribute("aria-label", alt);
      image.alt = alt;
      if (shownUrl) URL.revokeObjectURL(shownUrl);
      shownUrl = url;
      showing = false;
      if (ack) model.send({ ack: n });
      showNewest();
    };
    // a hidden page paints nothing: do not wait for it
    document.hidden ? done() : requestAnimationFrame(done);
  }

  function onMessage(message, buffers) {
    if (!buffers || !buffers.length) return;
    if (waiting?.ack) model.send({ ack: waiting.n }); // overtaken
    // before this page has been heard of, there is one picture for a light page and one for a dark
    const picture = buffers.length > 1 && pageColours(el).dark ? buffers[1] : buffers[0];
    waiting = { ...message, blob: new Blob([picture], { type: "image/png" }) };
    showNewest();
  }

  let reported = "";
  let pending = false;
  function report() {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        pending = false;
        if (gone) return;
        const box = el.getBoundingClientRect();
        const zoom = el.currentCSSZoom ?? 1; // of the text around; the picture's grows with it
        if (box.width < 20 || box.height < 20) return;
        const page = {
          ...pageColours(el),
          strong: Boolean(el.closest(".gw-classroom")),
          width: Math.round(box.width / zoom),
          height: Math.round(box.height / zoom),
          ratio: Math.min(3, (window.devicePixelRatio || 1) * zoom),
        };
        const text = JSON.stringify(page);
        if (text === reported) return;
        reported = text;
        model.send({ page });
      }),
    );
  }

  model.on("msg:custom", onMessage);
  const sizes = new ResizeObserver(report);
  sizes.observe(el);
  const themes = new MutationObserver(report);
  themes.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class", "style"],
  });
  report();
  model.send({ hello: true });

  return () => {
    gone = true;
    model.off("msg:custom", onMessage);
    sizes.disconnect();
    themes.disconnect();
    if (shownUrl) URL.revokeObjectURL(shownUrl);
    try {
      model.send({ bye: true });
    } catch {
      // the kernel has gone, and nobody is there to take leave of
    }
  };
}

export default { render };
