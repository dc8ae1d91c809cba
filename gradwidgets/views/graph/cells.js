// What every picture of numbers needs; put in front of the widgets' own files (see assets.py).
// All texts are set with textContent: whatever a learner calls a tensor stays text.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes = {}, parent = null) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

function html(tag, className, parent, textContent = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = textContent;
  parent?.append(element);
  return element;
}

const STRONG = 0.77; // from here on the text on the minus colour may need a colour of its own

function numberOf(text) {
  return parseFloat(text.replace(/^[↓ø↑]/, "").replace("−", "-").replace("inf", "Infinity"));
}

// Data: linear up to 1. Gradients: logarithmic from 0.0001 to 1, so that small ones still show.
function strength(value, scale) {
  const size = Math.abs(value);
  if (scale !== "gradient") return Math.min(1, size);
  return size === 0 ? 0 : Math.min(1, Math.max(0.04, (Math.log10(size) + 4) / 4));
}

function heatColour(sign, share) {
  const colour = sign < 0 ? "var(--gw-minus)" : "var(--gw-plus)";
  return `color-mix(in srgb, ${colour} ${Math.round(share * 100)}%, var(--gw-zero))`;
}

// Colours a cell for the number that `text` shows; `property` is "fill" in a drawing.
function paint(cell, words, text, scale, property) {
  const value = text === "" ? NaN : numberOf(text);
  const bad = text !== "" && !Number.isFinite(value);
  const share = Number.isFinite(value) ? strength(value, scale) : 0;
  cell.classList.toggle("gw-bad", bad);
  cell.style[property] = bad || text === "" ? "" : heatColour(value, share);
  words.classList.toggle("gw-on-strong-minus", share > STRONG && value < 0);
}
