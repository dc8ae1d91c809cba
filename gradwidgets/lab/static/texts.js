// The words of the extension, in the language of JupyterLab. All of them stand in texts.json.

let catalogues = null;

export async function loadTexts() {
    catalogues ??= await (await fetch(new URL("texts.json", import.meta.url))).json();
}

/** What gives the text of a key, with its {places} filled in. */
export function speaker(language) {
    const spoken = (language || document.documentElement.lang || "en").toLowerCase().split(/[-_]/);
    const texts = { ...catalogues.en, ...catalogues[spoken[0]] };
    return (key, places = {}) =>
        texts[key].replace(/\{(\w+)\}/g, (place, name) => String(places[name] ?? place));
}
