// The notebooks that come with gradwidgets, and copies of them in the user's folders. A file that
// is there already is never written to: it holds what the user has made of it.

import { callOf } from "./recipe.js";

const FOLDER = "gradwidgets-course";
const OURS = /^gradwidgets-course(-\d+)?$/;

async function fetched(name) {
    const response = await fetch(new URL(name, import.meta.url));
    if (!response.ok) {
        throw new Error(`${response.status} ${response.statusText} (${name})`);
    }
    return response.json();
}

let list = null;

/** The names of what there is: {playground, lessons: [{number, title, file}]}. */
export async function shelf() {
    list ??= await fetched("notebooks.json");
    return list;
}

let schema = null;

/** What a recipe may say; see recipe.js. */
export async function recipes() {
    schema ??= await fetched("recipe.json");
    return schema;
}

let cells = null;

/** The sources of all first cells that came with gradwidgets, now or ever. */
export async function firstCells() {
    cells ??= new Set(Object.values(await fetched("first_cells.json")).flat());
    return cells;
}

/** The first code cell of a notebook file's content. */
export function firstCode(notebook) {
    return notebook.cells?.find((cell) => cell.cell_type === "code") ?? null;
}

export function sourceOf(cell) {
    return Array.isArray(cell?.source) ? cell.source.join("") : String(cell?.source ?? "");
}

export class Shelf {
    /** `contents` is JupyterLab's contents manager, `specs` a function giving the kernels. */
    constructor(contents, specs) {
        this.contents = contents;
        this.specs = specs;
    }

    /**
     * Put the playground into a folder; return its path, and the kernel that it was made for, if
     * it is new. A file of that name is taken if `fits` says so of its first cell; else the copy
     * gets another name.
     */
    async playground(folder, recipe, fits) {
        const { playground } = await shelf();
        const notebook = await this.template(playground);
        const cell = firstCode(notebook);
        if (recipe !== null) {
            cell.source = callOf(recipe);
        }
        cell.metadata = { ...cell.metadata, jupyter: { source_hidden: true } };
        const source = sourceOf(cell);
        const names = await this.names(folder);
        const base = recipe === null ? "playground" : "playground-shared";
        for (let number = 1; ; number += 1) {
            const name = number === 1 ? `${base}.ipynb` : `${base}-${number}.ipynb`;
            const path = joined(folder, name);
            if (!names.has(name)) {
                await this.write(path, notebook);
                return { path, kernel: this.kernel() };
            }
            if (names.get(name) !== "directory" && fits(await this.sourceIn(path), source)) {
                return { path };
            }
        }
    }

    /** Put the lessons into a folder of their own; return the same of one of them. */
    async lesson(folder, number) {
        const { playground, lessons } = await shelf();
        const course = await this.courseFolder(folder);
        const names = await this.names(course);
        const files = [playground, ...lessons.map((lesson) => lesson.file)];
        const missing = files.filter((name) => !names.has(name));
        const copy = async (name) => this.write(joined(course, name), await this.template(name));
        await Promise.all(missing.map(copy));
        const { file } = lessons.find((lesson) => lesson.number === number) ?? lessons[0];
        const kernel = names.has(file) ? undefined : this.kernel();
        return { path: joined(course, file), kernel };
    }

    async courseFolder(folder) {
        if (OURS.test(folder.split(/[/:]/).at(-1))) {
            return folder;
        }
        const names = await this.names(folder);
        for (let number = 1; ; number += 1) {
            const name = number === 1 ? FOLDER : `${FOLDER}-${number}`;
            if (names.get(name) === "directory") {
                return joined(folder, name);
            }
            if (!names.has(name)) {
                const made = await this.contents.newUntitled({ path: folder, type: "directory" });
                return (await this.contents.rename(made.path, joined(folder, name))).path;
            }
        }
    }

    /** A notebook that comes along, for a kernel that the server has. */
    async template(name) {
        const notebook = await fetched(`notebooks/${name}`);
        const kernel = this.kernel();
        if (kernel !== undefined) {
            const { display_name, language } = this.specs().kernelspecs[kernel];
            notebook.metadata.kernelspec = { display_name, language, name: kernel };
        }
        return notebook;
    }

    /** The name of the server's kernel for Python, its default one if that is one. */
    kernel() {
        const specs = this.specs();
        const names = [specs?.default, ...Object.keys(specs?.kernelspecs ?? {})];
        return names.find((name) => this.isPython(name));
    }

    /** Tell whether a kernel of the server, by its name, is one for Python. */
    isPython(name) {
        return this.specs()?.kernelspecs[name]?.language?.toLowerCase() === "python";
    }

    /** Name -> type of what is in a folder. */
    async names(folder) {
        const { content } = await this.contents.get(folder, { content: true });
        return new Map(content.map(({ name, type }) => [name, type]));
    }

    /** The source of the first code cell of a file; null if it is no notebook. */
    async sourceIn(path) {
        try {
            const { content } = await this.contents.get(path, {
                type: "file",
                format: "text",
                content: true,
            });
            const notebook = typeof content === "string" ? JSON.parse(content) : content;
            return Array.isArray(notebook.cells) ? sourceOf(firstCode(notebook)) : null;
        } catch {
            return null;
        }
    }

    write(path, content) {
        return this.contents.save(path, { type: "notebook", format: "json", content });
    }
}

function joined(folder, name) {
    return folder === "" || folder.endsWith(":") ? folder + name : `${folder}/${name}`;
}
