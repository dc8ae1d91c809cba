// The container that JupyterLab asks for the extension: module federation, written by hand.
// What it shares (its own packages) arrives in `init`; the plugins are handed out by `get`.

(() => {
    const here = document.currentScript.src;
    let scope = {};

    async function extension() {
        const load = (name) => import(new URL(name, here).href);
        const [{ shared }, { plugins }] = await Promise.all([load("shared.js"), load("plugin.js")]);
        const packages = await shared(scope);
        const found = packages === null ? [] : await plugins(packages);
        return () => ({ __esModule: true, default: found });
    }

    window._JUPYTERLAB = window._JUPYTERLAB ?? {};
    window._JUPYTERLAB.gradwidgets = {
        init: (given) => {
            scope = given;
        },
        get: (module) => {
            if (module !== "./extension") {
                return Promise.reject(new Error(`gradwidgets has no module ${module}.`));
            }
            return extension();
        },
    };
})();
