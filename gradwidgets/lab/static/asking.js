// One line above a notebook whose first cell was opened and not run, with a button that runs it.

const STYLE = `
.gw-first-cell {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 4px 12px;
    border-bottom: 1px solid var(--jp-border-color2);
    background: var(--jp-layout-color1);
    color: var(--jp-content-font-color1);
    font: var(--jp-ui-font-size1) var(--jp-ui-font-family);
}
.gw-first-cell button {
    padding: 4px 12px;
    border: 1px solid currentcolor;
    border-radius: 4px;
    background: var(--jp-layout-color1);
    color: inherit;
    font: inherit;
    cursor: pointer;
}
.gw-first-cell button:hover { background: var(--jp-layout-color2); }
.gw-first-cell button:focus-visible { outline: 2px solid currentcolor; outline-offset: 1px; }
`;

const ran = new WeakSet(); // cells that were run while this page was open
const lines = new WeakMap(); // panel -> what takes its line away

/** From now on, know which cells were run by hand: nobody is asked about them. */
export function watchRuns(NotebookActions) {
    NotebookActions.executionScheduled.connect((_, { cell }) => ran.add(cell));
}

/**
 * Say why the first cell of a notebook was not run, and offer to. The line goes away when the
 * cell is run, in whatever way.
 */
export function ask(panel, cell, { sentence, label, run }, { Widget, NotebookActions }) {
    lines.get(panel)?.();
    if (ran.has(cell)) {
        return;
    }
    // Its code is there to be looked at, which is no change to the notebook.
    cell.syncCollapse = false;
    cell.inputHidden = false;
    style();
    const line = document.createElement("div");
    line.className = "gw-first-cell";
    line.setAttribute("role", "status");
    const words = document.createElement("span");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", run);
    line.append(words, button);

    const widget = new Widget();
    widget.node.append(line);
    panel.contentHeader.addWidget(widget);
    words.textContent = sentence; // when it is on the page, so that a screen reader says it
    // Lumino places its widgets by their least height, and the line breaks on a narrow page.
    const fitting = new ResizeObserver(() => {
        widget.node.style.minHeight = `${line.offsetHeight}px`;
        panel.contentHeader.fit();
    });
    fitting.observe(line);

    const onRun = (_, { cell: one }) => one === cell && away();
    const away = () => {
        const hadFocus = line.contains(document.activeElement);
        lines.delete(panel);
        NotebookActions.executionScheduled.disconnect(onRun);
        cell.disposed.disconnect(away);
        fitting.disconnect();
        widget.dispose();
        cell.syncCollapse = !cell.isDisposed; // folded again, if that is how the notebook has it
        if (hadFocus) {
            panel.content.activate();
        }
    };
    NotebookActions.executionScheduled.connect(onRun);
    cell.disposed.connect(away); // with the cell, or with the whole notebook
    lines.set(panel, away);
}

function style() {
    if (document.getElementById("gw-first-cell") === null) {
        const style = document.createElement("style");
        style.id = "gw-first-cell";
        style.textContent = STYLE;
        document.head.append(style);
    }
}
