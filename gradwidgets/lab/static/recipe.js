// The cell that a recipe makes, and whether a recipe fits, before anything is made of it. What fits
// stands in recipe.json, which Python writes (gradwidgets/engine/sharing/recipe_schema.py); a test compares
// both verdicts.

const CALL = /^import gradwidgets\n\ngradwidgets\.Playground\(recipe=(".*")\)$/;
const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[[\]{}]/g;
const LONGEST_SHOWN = 60;

/** The source of the cell that makes the playground of a recipe. */
export function callOf(recipe) {
    // A JSON string is a valid Python literal: whatever stands in it stays a text.
    return `import gradwidgets\n\ngradwidgets.Playground(recipe=${JSON.stringify(recipe)})`;
}

/** The recipe of a cell that `callOf` has written, to the letter; null for any other. */
export function recipeIn(source) {
    try {
        const recipe = JSON.parse(CALL.exec(source)?.[1] ?? "null");
        return recipe !== null && callOf(recipe) === source ? recipe : null;
    } catch {
        return null;
    }
}

/** A number as it is written: Python tells 10 from 10.0, and nobody would know 1e999 again. */
class Numeral {
    constructor(written) {
        this.written = written;
        this.value = Number(written);
        this.isWhole = /^-?\d+$/.test(written);
    }
}

/** A recipe that does not fit: the key of a sentence that says why, and what is put into it. */
class Unfit extends Error {
    constructor(problem, places) {
        super(problem);
        Object.assign(this, { problem, places });
    }
}

/** Null if the text of a recipe fits; else {problem, places}. */
export function judge(text, schema) {
    const length = [...text].length; // in characters, as Python counts them
    if (length > schema.longest) {
        return { problem: "link.recipe_long", places: { received: length, most: schema.longest } };
    }
    try {
        const recipe = read(text);
        const version = recipe.get("version");
        if (version instanceof Numeral && version.isWhole && version.value > schema.version) {
            const places = { received: version.written, reads: schema.version };
            throw new Unfit("link.recipe_newer", places);
        }
        hold(recipe, schema, schema.title);
        holdTogether(recipe, schema);
        return null;
    } catch (error) {
        if (error instanceof Unfit) {
            return { problem: error.problem, places: error.places };
        }
        return { problem: "link.recipe", places: { received: shown(text) || "“”" } };
    }
}

/** A JSON object as a Map. JSON.parse would take the last of two fields of one name in silence. */
function read(text) {
    JSON.parse(text); // throws if it is not JSON; from here on the tokens need no doubt
    const tokens = text.matchAll(TOKEN);
    const next = () => tokens.next().value[0];
    const value = (token) => {
        if (token === "{") {
            return object();
        }
        if (token === "[") {
            const items = [];
            for (let each = next(); each !== "]"; each = next()) {
                items.push(value(each));
            }
            return items;
        }
        return /^[-\d]/.test(token) ? new Numeral(token) : JSON.parse(token);
    };
    const object = () => {
        const fields = new Map();
        for (let each = next(); each !== "}"; each = next()) {
            const name = JSON.parse(each);
            if (fields.has(name)) {
                throw new Unfit("link.recipe_twice", { field: shown(name) });
            }
            fields.set(name, value(next()));
        }
        return fields;
    };
    const whole = value(next());
    if (!(whole instanceof Map)) {
        throw new Error("no object");
    }
    return whole;
}

const KINDS = {
    array: Array.isArray,
    boolean: (value) => typeof value === "boolean",
    integer: (value) => value instanceof Numeral,
    null: (value) => value === null,
    number: (value) => value instanceof Numeral,
    object: (value) => value instanceof Map,
    string: (value) => typeof value === "string",
};

/** Throw unless a value is what a schema says of the field. */
function hold(value, schema, field) {
    const received = shown(written(value));
    const kinds = schema.anyOf ?? [schema];
    const rule = kinds.find(({ type }) => KINDS[type](value));
    if (rule === undefined) {
        const names = kinds.find((kind) => kind.enum !== undefined)?.enum;
        const number = kinds.find((kind) => kind.minimum !== undefined);
        if (names !== undefined) {
            throw new Unfit("link.recipe_choice", { field, received, choices: names.join(", ") });
        }
        if (number !== undefined) {
            throw outside(number, field, received);
        }
        if (kinds[0].type === "boolean") {
            throw new Unfit("link.recipe_choice", { field, received, choices: "true, false" });
        }
        throw new Unfit("link.recipe_shape", { field, received });
    }
    RULES[rule.type]?.(value, rule, field, received);
}

const RULES = {
    string(value, rule, field, received) {
        if (rule.enum !== undefined && !rule.enum.includes(value)) {
            const choices = rule.enum.join(", ");
            throw new Unfit("link.recipe_choice", { field, received, choices });
        }
        if ([...value].length > (rule.maxLength ?? Infinity)) {
            throw new Unfit("link.recipe_text", { field, received, most: rule.maxLength });
        }
    },
    number({ value }, rule, field, received) {
        if (!(value >= rule.minimum && value <= rule.maximum)) {
            throw outside(rule, field, received);
        }
    },
    integer(value, rule, field, received) {
        if (!value.isWhole) {
            throw outside(rule, field, received);
        }
        RULES.number(value, rule, field, received);
    },
    array(value, rule, field, received) {
        const { minItems = 0, maxItems = rule.prefixItems?.length ?? Infinity } = rule;
        if (value.length < minItems || value.length > maxItems) {
            throw new Unfit("link.recipe_shape", { field, received });
        }
        value.forEach((item, index) => hold(item, rule.prefixItems?.[index] ?? rule.items, field));
    },
    object(value, rule, field, received) {
        for (const [name, inner] of value) {
            if (!Object.hasOwn(rule.properties, name)) {
                const known = Object.keys(rule.properties).join(", ");
                throw new Unfit("link.recipe_field", { field: shown(name), where: field, known });
            }
            hold(inner, rule.properties[name], name);
        }
        if (rule.required?.some((name) => !value.has(name))) {
            throw new Unfit("link.recipe_shape", { field, received });
        }
    },
};

/** Throw if values do not fit together, each of which would fit alone. */
function holdTogether(recipe, { bases, together }) {
    const base = bases[recipe.get("preset") ?? ""];
    const own = recipe.get("spec") ?? new Map();
    for (const { fields, rows } of together) {
        const values = fields.map((field) => [own.get(field) ?? base[field]].flat());
        for (const wanted of product(values)) {
            if (!rows.some((row) => row.every((value, index) => value === wanted[index]))) {
                const received = fields.map((field, index) => `${field} ${wanted[index]}`);
                throw new Unfit("link.recipe_together", { received: received.join(", ") });
            }
        }
    }
}

/** All the ways to take one of each list. */
function product([first, ...others]) {
    if (first === undefined) {
        return [[]];
    }
    return first.flatMap((one) => product(others).map((rest) => [one, ...rest]));
}

function outside({ type, minimum, maximum }, field, received) {
    const places = { field, received, least: plain(minimum), most: plain(maximum) };
    return new Unfit(type === "integer" ? "link.recipe_whole" : "link.recipe_number", places);
}

/** 0.00001 rather than 1e-5, which beginners cannot read. */
function plain(number) {
    return number.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
}

function written(value) {
    if (value instanceof Map) {
        const fields = [...value].map(([name, inner]) => `${JSON.stringify(name)}: ${written(inner)}`);
        return `{${fields.join(", ")}}`;
    }
    if (Array.isArray(value)) {
        return `[${value.map(written).join(", ")}]`;
    }
    return value instanceof Numeral ? value.written : JSON.stringify(value);
}

/** A text in one short line. */
export function shown(text) {
    const line = text.replace(/\s+/g, " ");
    return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
}
