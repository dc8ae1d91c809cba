// What may be run without asking: code that came with gradwidgets, now or ever, and nothing else.
// Jupyter's own trust is no permission. It speaks of outputs, and any notebook gets it that has
// none, once it is saved.

import { judge, recipeIn } from "./recipe.js";
import { firstCells, recipes } from "./shelf.js";

/** Tell whether a first cell may be run without asking. */
export async function isShipped(source) {
    if ((await firstCells()).has(source)) {
        return true;
    }
    const recipe = recipeIn(source);
    return recipe !== null && judge(recipe, await recipes()) === null;
}
