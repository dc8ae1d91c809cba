// One button and a line that says what came of it.

const PATIENCE = 20_000; // ms; a kernel that trains or runs a cell answers when it can

function download(name, data) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type: "application/zip" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function render({ model, el }) {
  el.lang = model.get("lang");
  const texts = model.get("texts");
  const root = document.createElement("div");
  root.className = "gw-save";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "gw-save-button";
  button.textContent = texts.button;
  button.title = texts.help;
  const status = document.createElement("span");
  status.className = "gw-save-status";
  status.setAttribute("role", "status");
  root.append(button, status);
  el.append(root);

  let asked = false; // by this view: another one of the same button has not been pressed
  let waiting = null;
  function say(sentence, trouble = false) {
    clearTimeout(waiting);
    waiting = null;
    status.setAttribute("role", trouble ? "alert" : "status");
    status.textContent = sentence;
    status.classList.toggle("gw-save-trouble", trouble);
    button.removeAttribute("aria-disabled");
  }

  button.addEventListener("click", async () => {
    if (waiting !== null) return;
    asked = true;
    waiting = setTimeout(() => say(texts.slow, true), PATIENCE);
    button.setAttribute("aria-disabled", "true");
    status.classList.remove("gw-save-trouble");
    status.setAttribute("role", "status");
    status.textContent = texts.saving;
    // What stands in the notebook goes to its file first; outside of JupyterLab there is none.
    await model.widget_manager?.context?.save?.().catch(() => {});
    model.send({ do: "save" });
  });

  const answer = ({ name, says, trouble }, buffers) => {
    if (!asked) return;
    asked = false;
    if (!trouble) download(name, buffers[0]);
    say(trouble ?? says, Boolean(trouble));
  };
  model.on("msg:custom", answer);
  return () => {
    clearTimeout(waiting);
    model.off("msg:custom", answer);
  };
}

export default { render };
