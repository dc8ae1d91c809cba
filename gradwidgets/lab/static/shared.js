// JupyterLab's own packages, as it shares them with extensions: name -> version -> how to get it.

const NEEDED = {
    apputils: "@jupyterlab/apputils",
    coreutils: "@jupyterlab/coreutils",
    filebrowser: "@jupyterlab/filebrowser",
    notebook: "@jupyterlab/notebook",
    translation: "@jupyterlab/translation",
    ui: "@jupyterlab/ui-components",
    widgets: "@lumino/widgets",
};

// Notebook 7 does without it.
const WELCOME = { launcher: "@jupyterlab/launcher" };

function newerFirst(a, b) {
    const numbers = (version) => version.split(/[.+-]/, 3).map(Number);
    const [x, y] = [numbers(a), numbers(b)];
    const place = x.findIndex((number, index) => number !== y[index]);
    return place < 0 ? 0 : y[place] - x[place];
}

async function take(scope, name) {
    const versions = scope[name];
    const [first] = Object.keys(versions).sort(
        (a, b) => Boolean(versions[b].loaded) - Boolean(versions[a].loaded) || newerFirst(a, b),
    );
    return (await versions[first].get())();
}

/**
 * The packages by short names, or null where one is missing: Voila loads every extension, but has
 * no file browser, and nothing that could be opened.
 */
export async function shared(scope) {
    const has = (name) => Object.keys(scope[name] ?? {}).length > 0;
    if (!Object.values(NEEDED).every(has)) {
        return null;
    }
    const wanted = Object.entries({ ...NEEDED, ...WELCOME }).filter(([, name]) => has(name));
    const taken = wanted.map(async ([short, name]) => [short, await take(scope, name)]);
    return Object.fromEntries(await Promise.all(taken));
}
