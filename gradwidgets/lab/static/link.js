// What a link asks for: lab?gradwidgets=playground&recipe=…&view=classroom. It may come from
// anybody: it is read, never evaluated, and what it may ask for is listed here.

const OURS = ["gradwidgets", "recipe", "view"];
const LONGEST_RECIPE = 20000;
const LONGEST_SHOWN = 60;

/** The parameters of the page's address if they hold a link, else null. */
export function linkOf(search) {
    const query = new URLSearchParams(search);
    return query.has("gradwidgets") ? query : null;
}

/** The address without the link, so that a reload does not open it once more. */
export function withoutLink(href) {
    const url = new URL(href);
    for (const name of OURS) {
        url.searchParams.delete(name);
    }
    return url.pathname + url.search + url.hash;
}

/**
 * What is to be opened: {what, number, recipe, view}; or {problem, places}, the key of a sentence
 * about what is wrong with it.
 */
export function parse(query, lessons) {
    const what = query.get("gradwidgets");
    const view = query.get("view");
    const recipe = query.get("recipe");
    const problem = (key, received, more) => ({ problem: key, places: { received, ...more } });
    const lesson = /^lesson-(\d\d)$/.exec(what);
    const known = lesson !== null && lessons.some(({ number }) => number === lesson[1]);
    if (!known && what !== "playground" && what !== "course") {
        const numbers = lessons.map(({ number }) => number);
        return problem("link.what", shown(what), { first: numbers[0], last: numbers.at(-1) });
    }
    if (view !== null && view !== "classroom") {
        return problem("link.view", shown(view));
    }
    if (recipe !== null && what !== "playground") {
        return problem("link.recipe_elsewhere", shown(what));
    }
    if (recipe !== null && recipe.length > LONGEST_RECIPE) {
        return problem("link.recipe_long", recipe.length, { most: LONGEST_RECIPE });
    }
    if (recipe !== null && !isObject(recipe)) {
        return problem("link.recipe", shown(recipe) || "“”");
    }
    return known ? { what: "lesson", number: lesson[1], view } : { what, recipe, view };
}

function isObject(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === "object" && value !== null && !Array.isArray(value);
    } catch {
        return false;
    }
}

function shown(text) {
    const line = text.replace(/\s+/g, " ");
    return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}
