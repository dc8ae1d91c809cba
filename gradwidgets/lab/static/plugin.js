// The plugin: commands, cards, palette, and what a link asks for.

import { ask, watchRuns } from "./asking.js";
import { COURSE, PLAYGROUND, asUrl } from "./icons.js";
import { linkOf, parse, withoutLink } from "./link.js";
import {
    hasKernel,
    leaveErrand,
    showInClass,
    showInClassSoon,
    start,
    takeErrand,
    visibleView,
    warmUp,
} from "./opening.js";
import { Shelf, recipes, shelf } from "./shelf.js";
import { keepStills } from "./stills.js";
import { loadTexts, speaker } from "./texts.js";
import { download, pack, saveAll } from "./work.js";

const COMMANDS = {
    playground: "gradwidgets:playground",
    course: "gradwidgets:course",
    lesson: "gradwidgets:open-lesson",
    classroom: "gradwidgets:classroom",
    work: "gradwidgets:save-work",
};

// Whose file of the playground's name is taken, by the source of its first cell; null for no
// notebook. A card opens any playground; a link its own alone; `gradwidgets` names the very file.
const BY_HAND = { isLink: false, takes: (there) => there?.includes("Playground(") };
const BY_LINK = { isLink: true, takes: (there, wanted) => there === wanted };
const BY_SERVER = { isLink: false, takes: (there) => there !== null };

const OPENED = "gradwidgets:opened"; // what the server was started for, when it has been opened

export async function plugins(packages) {
    const [{ lessons }] = await Promise.all([shelf(), loadTexts()]);
    const { apputils, filebrowser, launcher, notebook, translation } = packages;
    const optional = [
        translation.ITranslator,
        apputils.ICommandPalette,
        filebrowser.IDefaultFileBrowser,
        notebook.INotebookTracker,
        ...(launcher === undefined ? [] : [launcher.ILauncher]),
    ];
    return [
        {
            id: "gradwidgets:stills",
            description: "Shows still pictures in the place of widgets whose kernel is gone.",
            autoStart: true,
            optional: [notebook.INotebookTracker],
            activate: (app, tracker) => tracker && keepStills(tracker),
        },
        {
            id: "gradwidgets:plugin",
            description: "Opens the playground and the course of gradwidgets.",
            autoStart: true,
            optional,
            activate: (app, translator, palette, browser, tracker, cards) => {
                if (tracker === null || !app.commands.hasCommand("docmanager:open")) {
                    return; // a page on which no notebook can be opened
                }
                const say = speaker(translator?.languageCode);
                const home = new Home({ app, browser, tracker, packages, lessons, say });
                home.addCommands();
                home.addToPalette(palette);
                if (cards) {
                    home.addCards(cards, translator);
                }
                watchRuns(notebook.NotebookActions);
                home.runErrands();
                home.followLink();
            },
        },
    ];
}

class Home {
    constructor({ app, browser, tracker, packages, lessons, say }) {
        Object.assign(this, { app, browser, tracker, packages, lessons, say });
        const { contents, kernelspecs } = app.serviceManager;
        this.kernels = kernelspecs;
        this.shelf = new Shelf(contents, () => kernelspecs.specs);
        // In Notebook 7 the name of the page: "tree" for the list of files, "notebooks" for one.
        this.pageOf7 = packages.coreutils.PageConfig.getOption("notebookPage");
    }

    addCommands() {
        const { LabIcon } = this.packages.ui;
        const icon = {
            playground: new LabIcon({ name: "gradwidgets:playground", svgstr: PLAYGROUND }),
            course: new LabIcon({ name: "gradwidgets:course", svgstr: COURSE }),
        };
        const add = (name, execute, places = {}) =>
            this.app.commands.addCommand(COMMANDS[name], {
                label: this.say(name),
                caption: this.say(`${name}.help`, places),
                icon: icon[name],
                execute,
            });
        const byHand = (what, args, more = {}) =>
            this.open({ what, recipe: null, view: null, ...more }, BY_HAND, args.cwd);
        add("playground", (args) => byHand("playground", args));
        add("course", (args) => byHand("course", args), { count: this.lessons.length });
        add("lesson", async (args) => {
            const number = args.number ?? (await this.chooseLesson());
            return number === null ? undefined : byHand("lesson", args, { number });
        });
        add("classroom", () => this.classroom());
        add("work", () => this.saveWork());
    }

    addToPalette(palette) {
        for (const command of Object.values(COMMANDS)) {
            palette?.addItem({ command, category: this.say("category") });
        }
    }

    addCards(cards, translator) {
        // Among the notebooks, where they are seen at once; known by JupyterLab's own word for it.
        const category = translator?.load("jupyterlab").__("Notebook") ?? "Notebook";
        const card = (command, svg, rank) =>
            cards.add({ command, category, rank, kernelIconUrl: asUrl(svg) });
        // "Backpropagation" is a little wider than a card.
        const style = document.createElement("style");
        const mine = `.jp-LauncherCard[title="${this.say("course")}"] p`;
        style.textContent = `${mine} { font-size: 0.84em; letter-spacing: -0.03em; }`;
        document.head.append(style);
        card(COMMANDS.playground, PLAYGROUND, 1);
        card(COMMANDS.course, COURSE, 2);
    }

    /** Copy what is asked for, open and run it; return the notebook's widget once it is open. */
    async open(request, { isLink, takes }, cwd) {
        const folder = cwd ?? this.browser?.model.path ?? "";
        let place;
        try {
            await this.kernels.ready;
            place =
                request.what === "playground"
                    ? await this.shelf.playground(folder, request.recipe, takes)
                    : await this.shelf.lesson(folder, request.number);
        } catch (error) {
            const shown = folder === "" ? this.say("root") : folder;
            const places = { folder: shown, message: error.message };
            await this.tell("open.title", "open.failed", places);
            return undefined;
        }
        const { path, kernel } = place;
        const wasRunning = await hasKernel(this.app, path);
        if (!wasRunning && kernel !== undefined) {
            await warmUp(this.app, path, kernel);
        }
        const there = this.tracker.find((panel) => panel.context.path === path);
        const wasDirty = there?.context.model.dirty ?? false;
        const errand = { wasRunning, wasDirty, view: request.view };
        if (this.pageOf7 !== "") {
            return this.openElsewhere(path, errand, isLink);
        }
        const panel = await this.app.commands.execute("docmanager:open", {
            path,
            factory: "Notebook",
        });
        this.begin(panel, errand);
        return panel;
    }

    /** In Notebook 7, where every notebook has a page of its own. */
    openElsewhere(path, errand, isLink) {
        leaveErrand(path, errand);
        if (!isLink) {
            return this.app.commands.execute("docmanager:open", { path });
        }
        const { PageConfig, URLExt } = this.packages.coreutils;
        const url = URLExt.join(PageConfig.getBaseUrl(), "notebooks", URLExt.encodeParts(path));
        window.location.assign(url);
        return undefined;
    }

    async begin(panel, errand) {
        const { NotebookActions } = this.packages.notebook;
        const { Widget } = this.packages.widgets;
        const cell = await start(panel, errand, {
            NotebookActions,
            isPython: (name) => this.shelf.isPython(name),
            refused: (one, why, run) => {
                const words = { sentence: this.say(why), label: this.say("first.run") };
                ask(panel, one, { ...words, run }, { Widget, NotebookActions });
            },
        });
        if (cell !== null && errand.view === "classroom") {
            showInClassSoon(cell);
        }
    }

    /** Do what another page of Notebook 7 has left to be done with the notebook of this one. */
    runErrands() {
        if (this.pageOf7 === "notebooks") {
            this.tracker.widgetAdded.connect((_, panel) => {
                const errand = takeErrand(panel.context.path);
                if (errand !== null) {
                    this.begin(panel, errand);
                }
            });
        }
    }

    /** What the command `gradwidgets` has started this server for; once in a tab of the browser. */
    linkOfServer() {
        const link = this.packages.coreutils.PageConfig.getOption("gradwidgetsOpens");
        if (link === "" || sessionStorage.getItem(OPENED) === link) {
            return null;
        }
        sessionStorage.setItem(OPENED, link);
        return linkOf(`?${link}`);
    }

    async followLink() {
        const address = linkOf(window.location.search);
        const query = address ?? this.linkOfServer();
        if (query === null) {
            return;
        }
        await this.app.restored;
        window.history.replaceState(window.history.state, "", withoutLink(window.location.href));
        const request = parse(query, this.lessons, await recipes());
        if (request.problem !== undefined) {
            await this.tell("link.title", request.problem, request.places);
            return;
        }
        const way = address === null ? BY_SERVER : BY_LINK;
        await this.open(request, way, await this.folderOfPage());
    }

    /** The folder that the page's address names, as in lab/tree/FOLDER, else the top one. */
    async folderOfPage() {
        const { PageConfig, PathExt } = this.packages.coreutils;
        const path = PageConfig.getOption("treePath").replace(/^\/+|\/+$/g, "");
        if (path === "") {
            return PageConfig.getOption("preferredPath").replace(/^\/+|\/+$/g, "");
        }
        try {
            const there = await this.app.serviceManager.contents.get(path, { content: false });
            return there.type === "directory" ? path : PathExt.dirname(path);
        } catch {
            return ""; // JupyterLab itself says that there is no such path
        }
    }

    async chooseLesson() {
        const items = this.lessons.map(({ number, title }) => `${number} · ${title}`);
        const { button, value } = await this.packages.apputils.InputDialog.getItem({
            title: this.say("lesson.title"),
            label: this.say("lesson.label"),
            items,
            okLabel: this.say("lesson.open"),
            cancelLabel: this.say("cancel"),
        });
        return button.accept && value ? value.slice(0, 2) : null;
    }

    async classroom() {
        const view = visibleView(this.tracker.currentWidget?.node);
        if (view === null) {
            await this.tell("classroom.title", "classroom.none");
        } else {
            showInClass(view);
        }
    }

    async saveWork() {
        await saveAll(this.app.shell, (widget) => widget.context);
        const kernel = this.tracker.currentWidget?.sessionContext.session?.kernel;
        if (!kernel) {
            await this.tell("work.title", "work.no_kernel");
            return;
        }
        try {
            const packed = await pack(kernel);
            if (packed === null) {
                await this.tell("work.title", "work.incomplete");
            } else {
                download(packed);
            }
        } catch (error) {
            await this.tell("work.title", "work.failed", { message: error.message });
        }
    }

    tell(title, sentence, places = {}) {
        const { Dialog, showDialog } = this.packages.apputils;
        return showDialog({
            title: this.say(title),
            body: this.say(sentence, places),
            buttons: [Dialog.okButton()],
        });
    }
}
