// The words of the extension, in the language of JupyterLab. The catalogue of gradwidgets, `texts`, is put beside
// this file as texts.json when the extension is assembled.

let catalogues = null;

export async function loadTexts() {
    catalogues ??= await (await fetch(new URL("texts.json", import.meta.url))).json();
}

/** What gives the text of a key, with its {places} filled in; {{ is a brace. */
export function speaker(language) {
    const spoken = (language || document.documentElement.lang || "en").toLowerCase().split(/[-_]/);
    const texts = { ...catalogues.en, ...catalogues[spoken[0]] };
    return (key, places = {}) =>
        texts[key].replace(/\{\{|\}\}|\{(\w+)\}/g, (place, name) =>
            name ? String(places[name] ?? place) : place[0],
        );
}
