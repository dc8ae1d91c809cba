// Opening a notebook so that its widget is there: run the first code cell, and fold its code.

import { isShipped } from "./shipped.js";
import { BELL } from "./stills.js";

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
 * Run the first code cell of an open notebook, and fold its code if it shows a widget. A cell whose
 * widget is alive already is left alone: it may be in the middle of a training.
 *
 * A cell that did not come with gradwidgets is not run: the notebook may be anybody's, under a name
 * of ours. `refused(cell, why, run)` is told the key of a sentence.
 */
export async function start(panel, errand, { NotebookActions, isPython, refused }) {
    await panel.context.ready;
    await panel.sessionContext.ready;
    const notebook = panel.content;
    const cell = notebook.widgets.find(({ model }) => model.type === "code");
    const kernel = panel.sessionContext.session?.kernel;
    if (cell === undefined || !kernel) {
        return null;
    }
    const run = async () => {
        notebook.deselectAll();
        notebook.activeCellIndex = notebook.widgets.indexOf(cell);
        const worked = await NotebookActions.run(notebook, panel.sessionContext);
        if (hasWidget(cell)) {
            cell.inputHidden = true;
        } else if (!worked) {
            cell.inputHidden = false;
        }
        if (!errand.wasDirty) {
            await panel.context.save();
        }
    };
    if (errand.wasRunning && (await isAlive(cell, kernel))) {
        return cell;
    }
    const source = sourceIn(cell);
    const isOurs = await isShipped(source);
    if (!isOurs || sourceIn(cell) !== source) {
        refused(cell, "first.changed", run);
    } else if (!isPython(kernel.name)) {
        refused(cell, "first.kernel", run);
    } else {
        await run();
    }
    return cell;
}

function sourceIn(cell) {
    return cell.model.sharedModel.getSource();
}

/** The numbers of the widgets that a cell's outputs show. */
function widgetsOf(cell) {
    const outputs = cell.model.outputs?.toJSON() ?? [];
    return outputs.map((output) => output.data?.[WIDGET]?.model_id).filter(Boolean);
}

function hasWidget(cell) {
    return widgetsOf(cell).length > 0;
}

/**
 * Tell whether a widget that a cell shows is in the kernel, or rests there. An output alone does
 * not say so: it may come out of a file, and the kernel may have been restarted since.
 */
async function isAlive(cell, kernel) {
    const numbers = widgetsOf(cell);
    if (numbers.length === 0) {
        return false;
    }
    const { content } = await kernel.requestCommInfo({});
    const comms = Object.entries(content.comms ?? {});
    return comms.some(([number, one]) => numbers.includes(number) || one.target_name === BELL);
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
