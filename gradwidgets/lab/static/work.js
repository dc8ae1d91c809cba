// "Save my work": everything open is saved, the kernel packs it, and the browser downloads it.

const NAME = "gradwidgets-work.zip";

// An expression, so that no name is left in the notebook. It comes back with the kernel's answer:
// what is printed may be cut off, when it is much. The length says whether all arrived.
const PACK =
    "(lambda text: f'{len(text)} {text}')(__import__('base64').b64encode(" +
    "__import__('gradwidgets.command.work', fromlist=['work']).archive()).decode())";

/** Save every open document that has been changed. */
export async function saveAll(shell, contextOf) {
    const contexts = new Set([...shell.widgets("main")].map(contextOf).filter(Boolean));
    for (const context of contexts) {
        if (context.model.dirty && !context.model.readOnly) {
            try {
                await context.save();
            } catch (error) {
                console.warn(`gradwidgets: ${context.path}: ${error.message}`); // JupyterLab tells it
            }
        }
    }
}

/** Return the packed work as base64. Throws an Error with the kernel's own sentence. */
export async function pack(kernel) {
    const { content } = await kernel.requestExecute({
        code: "",
        store_history: false,
        silent: true,
        user_expressions: { work: PACK },
    }).done;
    const answer = content.status === "ok" ? content.user_expressions.work : content;
    if (answer.status !== "ok") {
        throw new Error(`${answer.ename}: ${answer.evalue}`);
    }
    const [length, packed = ""] = answer.data["text/plain"].slice(1, -1).split(" ");
    return packed.length === Number(length) ? packed : null;
}

/** Hand a file to the browser, as a click on a link to it would. */
export function download(base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = NAME;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
