// What a link asks for: lab?gradwidgets=playground&recipe=…&view=classroom. It may come from
// anybody: it is read, never evaluated, and what it may ask for is listed here.

import { judge, shown } from "./recipe.js";

const OURS = ["gradwidgets", "recipe", "view"];

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
 * about what is wrong with it. `recipes` is the schema of recipes.
 */
export function parse(query, lessons, recipes) {
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
    const unfit = recipe === null ? null : judge(recipe, recipes);
    if (unfit !== null) {
        return unfit;
    }
    return known ? { what: "lesson", number: lesson[1], view } : { what, recipe, view };
}
