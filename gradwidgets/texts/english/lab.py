"""JupyterLab's extension: cards, commands, links, dialogs."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "lab.category": "Neural networks",
    "lab.playground": "Neural network playground",
    "lab.playground.help": "Build a small network, train it, and watch every gradient",
    "lab.course": "Backpropagation course",
    "lab.course.help": "Write the framework yourself, in {count} lessons with exercises",
    "lab.lesson": "Open lesson…",
    "lab.lesson.help": "Choose a lesson of the backpropagation course",
    "lab.lesson.title": "Open a lesson",
    "lab.lesson.label": "Lesson",
    "lab.lesson.open": "Open",
    "lab.cancel": "Cancel",
    "lab.classroom": "Classroom view",
    "lab.classroom.help": "Show the widget alone, in large type; Esc goes back",
    "lab.classroom.title": "Nothing to show in classroom view",
    "lab.classroom.none": "The classroom view shows a playground or a walk, and there is none "
    "in the notebook in front. Open the playground (or run the cell that makes the widget), then "
    "try again.",
    "lab.work": "Save my work",
    "lab.work.help": "Download the notebooks of this folder and your progress in one file",
    "lab.work.title": "Your work could not be saved",
    "lab.work.no_kernel": "Packing your work takes a notebook with a running kernel, and there "
    "is none in front. Open one of your notebooks, wait until its kernel runs, then try again.",
    "lab.work.failed": "The kernel answered: {message}. To save by hand, right-click the files "
    "in the file browser and choose Download.",
    "lab.work.incomplete": "The file did not arrive whole. Clear the outputs of large notebooks "
    "and try again, or right-click the files in the file browser and choose Download.",
    "lab.open.title": "It could not be opened",
    "lab.open.failed": "Copying into the folder “{folder}” failed: {message}. Choose a folder "
    "that you may write to in the file browser, then try again.",
    "lab.root": "top folder",
    "lab.first.changed": "The first cell was not run, because it is not as it came with "
    "gradwidgets. Look at it before you run it.",
    "lab.first.kernel": "The first cell was not run, because the kernel of this notebook is not "
    "one for Python. Choose another kernel first.",
    "lab.first.run": "Run the first cell",
    "lab.link.title": "This link cannot be opened",
    "lab.link.what": "The link asks for gradwidgets={received}. It should be "
    "gradwidgets=playground, gradwidgets=course, or a lesson from gradwidgets=lesson-{first} to "
    "gradwidgets=lesson-{last}. Open the playground or the course from the launcher instead.",
    "lab.link.view": "The link asks for view={received}. The only view that there is is "
    "view=classroom. Remove it from the link, or choose “Classroom view” in the command palette.",
    "lab.link.recipe": "The recipe in the link reads {received}. It should be the text that "
    "“Copy link” writes, which begins with {{ and ends with }}; perhaps a part of it was lost. "
    "Copy the link again, whole.",
    "lab.link.recipe_long": "The recipe in the link is {received} characters long. It should be "
    "the text that “Copy link” writes, of at most {most} characters. Copy the link again.",
    "lab.link.recipe_newer": "The recipe in the link was made by a newer gradwidgets: its "
    "version is {received}, and this gradwidgets reads version {reads}. Update gradwidgets, then "
    "open the link again.",
    "lab.link.recipe_twice": "The recipe in the link gives “{field}” more than once. Copy the "
    "link again, whole.",
    "lab.link.recipe_field": "The recipe in the link says “{field}”, which this gradwidgets "
    "does not know. It knows in “{where}”: {known}. If the link was made by a newer gradwidgets, "
    "update this one; else copy the link again, whole.",
    "lab.link.recipe_choice": "In the recipe in the link, “{field}” reads {received}. It should "
    "be one of: {choices}. Copy the link again, whole.",
    "lab.link.recipe_whole": "In the recipe in the link, “{field}” reads {received}. It should "
    "be a whole number from {least} to {most}. Copy the link again, whole.",
    "lab.link.recipe_number": "In the recipe in the link, “{field}” reads {received}. It should "
    "be a number from {least} to {most}. Copy the link again, whole.",
    "lab.link.recipe_text": "In the recipe in the link, “{field}” reads {received}. It should "
    "have at most {most} characters. Copy the link again, whole.",
    "lab.link.recipe_shape": "In the recipe in the link, “{field}” reads {received}, and no "
    "playground can be made of that. Copy the link again, whole.",
    "lab.link.recipe_together": "In the recipe in the link, these do not fit together: "
    "{received}. Copy the link again, whole.",
    "lab.link.recipe_elsewhere": "The link has a recipe and asks for gradwidgets={received}. A "
    "recipe is for the playground: write gradwidgets=playground, or remove the recipe.",
}
