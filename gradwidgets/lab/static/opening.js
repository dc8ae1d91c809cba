// Opening a notebook so that its widget is there: run the first code cell, and fold its code.

const WIDGET = "application/vnd.jupyter.widget-view+json";
const VIEW = ".gw-playground, .gw-stepper";

// Notebook 7 shows a notebook in another page, which finds here what it has to do.
const ERRAND = "gradwidgets:errand";
const ERRAND_MS = 60_000;

/** Tell whether a notebook has a kernel already. */
export async function hasKernel(app, path) {
    await app.serviceManager.sessions.ready;
    const local = app.serviceManager.contents.localPath(path);
    return [...app.serviceManager.sessions.running()].some((session) => session.path === local);
}

/**
 * Start the kernel of a notebook while its page is still on the way: half a second is won.
 * The notebook finds it by the path. If it does not start, the notebook tries again, and says why.
 */
export async function warmUp(app, path, kernel) {
    const local = app.serviceManager.contents.localPath(path);
    const name = local.split("/").at(-1);
    try {
        const session = await app.serviceManager.sessions.startNew({
            path: local,
            name,
            type: "notebook",
            kernel: { name: kernel },
        });
        session.dispose(); // only the connection of this page: the kernel goes on
    } catch (error) {
        console.warn(`gradwidgets: ${error.message}`);
    }
}

/** Leave an errand for the page of Notebook 7 that is about to show a notebook. */
export function leaveErrand(path, errand) {
    localStorage.setItem(ERRAND, JSON.stringify({ ...errand, path, at: Date.now() }));
}

/** Take the errand for a notebook, if one was left for it a moment ago. */
export function takeErrand(path) {
    const text = localStorage.getItem(ERRAND);
    if (text === null) {
        return null;
    }
    const errand = JSON.parse(text);
    const isFresh = Date.now() - errand.at < ERRAND_MS;
    if (errand.path === path || !isFresh) {
        localStorage.removeItem(ERRAND);
    }
    return errand.path === path && isFresh ? errand : null;
}

/**
 * Run the first code cell of an open notebook, and fold its code if it shows a widget.
 * A cell whose widget is alive already is left alone: it may be in the middle of a training. So is
 * one that a link finds changed: a link runs only what came with gradwidgets.
 */
export async function start(panel, errand, NotebookActions) {
    await panel.context.ready;
    await panel.sessionContext.ready;
    const notebook = panel.content;
    const index = notebook.widgets.findIndex((cell) => cell.model.type === "code");
    const cell = notebook.widgets[index];
    if (cell === undefined || !panel.sessionContext.session?.kernel) {
        return null;
    }
    const isAlive = errand.wasRunning && hasWidget(cell);
    const mayRun = errand.byHand || cell.model.sharedModel.getSource() === errand.source;
    if (!isAlive && mayRun) {
        notebook.deselectAll();
        notebook.activeCellIndex = index;
        const worked = await NotebookActions.run(notebook, panel.sessionContext);
        if (hasWidget(cell)) {
            cell.inputHidden = true;
        } else if (!worked) {
            cell.inputHidden = false;
        }
        if (!errand.wasDirty) {
            await panel.context.save();
        }
    }
    return cell;
}

function hasWidget(cell) {
    return (cell.model.outputs?.toJSON() ?? []).some((output) => WIDGET in (output.data ?? {}));
}

/** The first widget of ours in a part of the page that can be seen. */
export function visibleView(node) {
    return [...(node?.querySelectorAll(VIEW) ?? [])].find((view) => view.offsetParent) ?? null;
}

/** Ask a widget for its classroom view; see the classroom's own script for the answer. */
export function showInClass(view) {
    view.dispatchEvent(new CustomEvent("gw-classroom", { bubbles: false }));
}

/** The same for a widget that is still on its way onto the page. */
export function showInClassSoon(cell) {
    const tryIt = () => {
        const view = visibleView(cell.node);
        if (view !== null) {
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => showInClass(view)));
        }
    };
    const observer = new MutationObserver(tryIt);
    observer.observe(cell.node, { childList: true, subtree: true });
    cell.disposed.connect(() => observer.disconnect());
    tryIt();
}
