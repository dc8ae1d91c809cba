// One sentence below the pictures: a note, or trouble (announced as an alert).

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "gw-message-box";
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  const text = document.createElement("span");
  box.append(sign, text);
  el.append(box);

  function update() {
    const trouble = model.get("tone") === "trouble";
    const words = model.get("text");
    box.classList.toggle("gw-trouble", trouble);
    if (trouble && words) box.setAttribute("role", "alert");
    else box.removeAttribute("role");
    box.setAttribute("aria-live", trouble ? "assertive" : "polite");
    sign.textContent = words ? (trouble ? "⚠" : "ⓘ") : "";
    text.textContent = words;
    box.classList.toggle("gw-blank", !words);
  }
  model.on("change:text change:tone", update);
  update();
  return () => model.off("change:text change:tone", update);
}

export default { render };
