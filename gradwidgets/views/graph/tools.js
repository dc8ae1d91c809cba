// What stands around a graph: its legend, its menu, and files of it.

const PNG_SCALE = 2;
const PNG_MOST = 8192; // pixels to a side; browsers refuse much larger ones

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function pngOf(blob) {
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  await image.decode();
  const scale = Math.min(PNG_SCALE, PNG_MOST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// A button's menu: arrows move in it, Escape and a click elsewhere close it.
class Menu {
  constructor(parent, button, label, on) {
    this.button = button;
    this.on = on;
    this.el = html("div", "gw-menu", parent);
    this.el.hidden = true;
    this.el.setAttribute("role", "menu");
    this.el.setAttribute("aria-label", label);
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    on(this.el, "keydown", (event) => this.key(event));
    on(document, "pointerdown", (event) => {
      if (!this.el.contains(event.target) && event.target !== button) this.close();
    });
  }

  get items() {
    return [...this.el.querySelectorAll("button")];
  }

  add(text, act, choice = "") {
    const item = html("button", "gw-menu-item", this.el, text);
    item.type = "button";
    item.tabIndex = -1;
    item.setAttribute("role", choice ? "menuitemradio" : "menuitem");
    if (choice) item.dataset.choice = choice;
    this.on(item, "click", () => {
      this.close(true);
      act();
    });
  }

  line() {
    html("div", "gw-menu-line", this.el).setAttribute("role", "separator");
  }

  check(choice) {
    for (const item of this.items)
      if (item.dataset.choice)
        item.setAttribute("aria-checked", String(item.dataset.choice === choice));
  }

  toggle() {
    if (!this.el.hidden) {
      this.close(true);
      return;
    }
    this.el.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.items[0].focus();
  }

  close(back = false) {
    if (this.el.hidden) return;
    this.el.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  key(event) {
    const items = this.items;
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    event.stopPropagation();
    if (event.key === "Escape") this.close(true);
    else if (event.key === "Tab") this.close();
    else if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
  }
}

class Legend {
  constructor(parent, texts) {
    this.el = html("div", "gw-legend", parent);
    this.el.setAttribute("aria-hidden", "true");
    this.scales = {
      value: this.scale("−1", "+1", texts.scale, ""),
      gradient: this.scale(texts["scale.small"], texts["scale.large"], texts["scale.gradient"],
        "gw-legend-large"),
    };
    for (const name of ["parameter", "input"]) {
      const item = html("span", "gw-legend-item", this.el);
      html("span", `gw-legend-box gw-legend-${name}`, item);
      html("span", "", item, texts[`kind_${name}`]);
    }
    this.summary = html("span", "gw-legend-item", this.el, texts.legend);
    this.states = html("span", "gw-legend-item gw-legend-states", this.el, texts.states);
    this.show("value");
  }

  scale(low, high, title, className) {
    const item = html("span", "gw-legend-item", this.el);
    item.title = title;
    html("span", "", item, low);
    html("span", `gw-legend-bar ${className}`, item);
    html("span", "", item, high);
    return item;
  }

  show(colour) {
    for (const [name, item] of Object.entries(this.scales)) item.hidden = name !== colour;
  }
}
