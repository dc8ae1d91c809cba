// Still pictures in the place of widgets whose kernel is gone.
//
// A saved output holds the number of a widget's model and, beside it, HTML that needs no kernel.
// JupyterLab would show the widget whatever happens: "Error displaying widget: model not found".
// Here an output that is marked as ours is shown by ipywidgets' own renderer, which is only begun
// once its model is there; until then, and for ever without one, the still picture stands there.
// While the widget lives, it sends new still pictures, which go into the notebook's file.

const MARK = "application/vnd.gradwidgets.still+json";
const WIDGET = "application/vnd.jupyter.widget-view+json";
const HTML = "text/html";
const BEFORE_WIDGETS = -20; // ipywidgets' renderer is at -10

// `tracker` is JupyterLab's INotebookTracker.
export function keepStills(tracker) {
    const add = (panel) => {
        const rendermime = panel.content.rendermime;
        rendermime.addFactory(
            {
                safe: false, // in a notebook that is not trusted, its HTML alone is shown
                mimeTypes: [MARK],
                createRenderer: (options) => rendererOf(rendermime, options),
            },
            BEFORE_WIDGETS,
        );
    };
    tracker.forEach(add);
    tracker.widgetAdded.connect((_, panel) => add(panel));
}

function rendererOf(rendermime, options) {
    const widgets = rendermime.getFactory(WIDGET);
    if (!widgets) return rendermime.createRenderer(HTML); // there is no ipywidgets here at all
    const renderer = widgets.createRenderer({ ...options, mimeType: WIDGET });
    const manager = renderer._manager?.promise;
    if (!manager) return renderer; // ipywidgets has become another one: it is left alone
    const show = renderer.renderModel.bind(renderer);
    let live = null; // the id of the model that is shown
    const showStill = async (output) => {
        live = null;
        clear(renderer);
        const still = rendermime.createRenderer(HTML);
        still.addClass("gw-still-output");
        renderer.addWidget(still);
        await still.renderModel(output);
    };
    renderer.renderModel = async (output) => {
        const id = output.data[WIDGET]?.model_id;
        if (live !== null && live === id) return; // only its still picture is a new one
        let models = await atOnce(manager);
        if (!models?.has_model(id)) await showStill(output);
        models ??= await manager;
        if (renderer.isDisposed) return;
        if (!models.has_model(id)) {
            const again = () => {
                models.restored.disconnect(again);
                if (!renderer.isDisposed && live === null) renderer.renderModel(output);
            };
            models.restored.connect(again); // the kernel has told what it has
            return;
        }
        live = id;
        clear(renderer);
        await show(output);
        follow(await models.get_model(id), renderer, output, () => {
            if (live === id && !renderer.isDisposed) showStill(output);
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

// Have the file keep what the widget shows by now; say so when its kernel has gone.
function follow(model, renderer, output, gone) {
    const keep = (content) => {
        if (typeof content?.still !== "string" || output.data[HTML] === content.still) return;
        output.setData({ data: { ...output.data, [HTML]: content.still } });
    };
    const look = () => {
        if (!model.comm_live) gone();
    };
    model.on("msg:custom", keep);
    model.on("comm_live_update", look);
    renderer.disposed.connect(() => {
        model.off("msg:custom", keep);
        model.off("comm_live_update", look);
    });
    model.send({ ask: "still" }, {});
}
