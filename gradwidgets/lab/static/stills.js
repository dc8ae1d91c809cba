// Still pictures in the place of widgets whose kernel is gone.
//
// A saved output holds the number of a widget's model and, beside it, HTML that needs no kernel.
// JupyterLab would show the widget whatever happens: "Error displaying widget: model not found".
// Here an output that is marked as ours is shown by ipywidgets' own renderer, which is only begun
// once its model is there; until then, and for ever without one, the still picture stands there.
// While the widget lives, it sends new still pictures, which go into the notebook's file. A widget is
// told when its output goes, so that it can rest; an output that is shown again wakes it: see
// `views/kit/resting.py`.

const MARK = "application/vnd.gradwidgets.still+json";
const WIDGET = "application/vnd.jupyter.widget-view+json";
const HTML = "text/html";
export const BELL = "gradwidgets.rest"; // the comm of a kernel in which something rests
const BEFORE_WIDGETS = -20; // ipywidgets' renderer is at -10

// `tracker` is JupyterLab's INotebookTracker.
export function keepStills(tracker) {
    const add = (panel) => {
        const rendermime = panel.content.rendermime;
        rendermime.addFactory(
            {
                safe: false, // in a notebook that is not trusted, its HTML alone is shown
                mimeTypes: [MARK],
                createRenderer: (options) => rendererOf(panel, rendermime, options),
            },
            BEFORE_WIDGETS,
        );
    };
    tracker.forEach(add);
    tracker.widgetAdded.connect((_, panel) => add(panel));
}

function rendererOf(panel, rendermime, options) {
    const widgets = rendermime.getFactory(WIDGET);
    if (!widgets) return rendermime.createRenderer(HTML); // there is no ipywidgets here at all
    const renderer = widgets.createRenderer({ ...options, mimeType: WIDGET });
    const manager = renderer._manager?.promise;
    if (!manager) return renderer; // ipywidgets has become another one: it is left alone
    const show = renderer.renderModel.bind(renderer);
    let live = null; // the id of the model that is shown
    let shown = null; // the output of which it is
    let restored = null; // a manager that has not told yet what the kernel has
    const wait = (models) => {
        restored?.disconnect(again);
        restored = models?.restored ?? null;
        restored?.connect(again);
    };
    const again = () => {
        wait(null);
        if (!renderer.isDisposed && live === null) renderer.renderModel(shown);
    };
    renderer.disposed.connect(() => wait(null));
    const showStill = async (output) => {
        live = null;
        clear(renderer);
        const still = rendermime.createRenderer(HTML);
        still.addClass("gw-still-output");
        renderer.addWidget(still);
        await still.renderModel(output);
    };
    renderer.renderModel = async (output) => {
        shown = output;
        const id = output.data[WIDGET]?.model_id;
        if (live !== null && live === id) return; // only its still picture is a new one
        let models = await atOnce(manager);
        if (!models?.has_model(id)) await showStill(output);
        models ??= await manager;
        if (renderer.isDisposed) return;
        if (!models.has_model(id)) {
            wait(models); // until the kernel has told what it has
            if (models.restoredStatus) wake(models.kernel, id, again);
            return;
        }
        wait(null);
        live = id;
        clear(renderer);
        await show(output);
        const isShown = () => live === id && !renderer.isDisposed;
        follow(await models.get_model(id), renderer, panel.context.model, {
            output: () => shown,
            dead: () => isShown() && showStill(shown),
            closed: () => {
                if (!isShown()) return;
                live = null;
                wake(models.kernel, id, again); // if it rests: no answer came that it is seen
            },
        });
    };
    return renderer;
}

// What a promise has been kept with by now, or null.
function atOnce(promise) {
    return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 0, null))]);
}

function clear(renderer) {
    for (const old of [...renderer.widgets]) old.dispose();
    renderer.node.textContent = "";
    renderer.show(); // ipywidgets hides it when a view has gone
}

// Have the file keep what the widget shows by now; tell it when its output has gone, and say so when
// its kernel has.
function follow(model, renderer, notebook, { output, dead, closed }) {
    const say = (content) => {
        try {
            if (model.comm_live) model.send(content, {});
        } catch {
            // the notebook is being closed, and hears nothing any more
        }
    };
    const hear = (content) => {
        if (content?.anybody) say({ here: true });
        if (typeof content?.still === "string") keep(output(), content, notebook);
    };
    const look = () => {
        if (!model.comm_live) dead();
    };
    const end = () => {
        model.off("msg:custom", hear);
        model.off("comm_live_update", look);
        model.off("comm:close", close);
        renderer.disposed.disconnect(leave);
    };
    const close = () => {
        end();
        closed();
    };
    const leave = () => {
        end();
        say({ left: true });
    };
    model.on("msg:custom", hear);
    model.on("comm_live_update", look);
    model.on("comm:close", close);
    renderer.disposed.connect(leave);
    tend(model);
    say({ ask: "still" });
}

// JupyterLab keeps the comm of a model for as long as the kernel, and the comm its model, and the
// model what was shown of it. So what is closed is taken off its comm.
const tended = new WeakSet();
const nothing = () => {}; // out here: one made below would hold the model

function tend(model) {
    if (tended.has(model)) return;
    tended.add(model);
    const parts = () => [...(model.get("children") ?? []), model.get("layout")].filter(Boolean);
    const tendParts = () => parts().forEach(tend);
    model.on("change:children", tendParts);
    model.once("comm:close", () => {
        const { comm } = model;
        model.off("change:children", tendParts);
        comm?.on_msg?.(nothing);
        comm?.on_close?.(nothing);
    });
    tendParts();
}

// What passes, while training runs, goes into the file with whatever else is saved: it alone would
// have the notebook count as changed again and again.
function keep(output, { still, passing }, notebook) {
    if (output.data[HTML] === still) return;
    const { dirty } = notebook;
    output.setData({ data: { ...output.data, [HTML]: still } });
    if (passing && !dirty) notebook.dirty = false;
}

const bells = new WeakMap(); // connection to a kernel -> {comm, waiting: Map of id -> functions}

// Ask a kernel for a widget that rests, and call `awake` when it is there.
async function wake(kernel, id, awake) {
    const bell = await bellOf(kernel);
    if (!bell) return; // nothing rests in this kernel
    bell.waiting.set(id, [...(bell.waiting.get(id) ?? []), awake]);
    bell.comm.send({ wake: id });
}

// The kernel has it, under a number of its own, as soon as something rests there.
async function bellOf(kernel) {
    if (!kernel || kernel.isDisposed) return null;
    const had = bells.get(kernel);
    if (had && !had.comm.isDisposed) return had;
    try {
        const { content } = await kernel.requestCommInfo({ target_name: BELL });
        const [number] = Object.keys(content.comms ?? {});
        if (number === undefined) return null;
        const other = bells.get(kernel); // asked for by another output meanwhile
        if (other && !other.comm.isDisposed) return other;
        const bell = { comm: kernel.createComm(BELL, number), waiting: new Map() };
        bell.comm.onMsg = ({ content: { data } }) => {
            const waiting = bell.waiting.get(data.awake) ?? [];
            bell.waiting.delete(data.awake);
            for (const awake of waiting) awake();
        };
        bells.set(kernel, bell);
        return bell;
    } catch {
        return null; // the kernel has gone
    }
}
