// The signs of the cards: a small network, and a gradient on its way down a curve. Orange, grey and
// blue are those of every picture in gradwidgets; they can be told from a light and a dark ground.

const HEAD =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">';

export const PLAYGROUND =
    `${HEAD}<g stroke="#8a8a8a" stroke-width="1.2" fill="none">` +
    '<path d="M4.5 7 12 4.5M4.5 7 12 12M4.5 7 12 19.5M4.5 17 12 4.5M4.5 17 12 12"/>' +
    '<path d="M4.5 17 12 19.5"/>' +
    '<path d="M12 4.5 19.5 12M12 12h7.5M12 19.5 19.5 12"/></g>' +
    '<g fill="#2f7fd3"><circle cx="4.5" cy="7" r="2.4"/><circle cx="12" cy="12" r="2.4"/>' +
    '<circle cx="19.5" cy="12" r="2.8"/></g>' +
    '<g fill="#e8710a"><circle cx="4.5" cy="17" r="2.4"/><circle cx="12" cy="4.5" r="2.4"/>' +
    '<circle cx="12" cy="19.5" r="2.4"/></g></svg>';

export const COURSE =
    `${HEAD}<path d="M3 4c1.5 12 5 16 9 16s7.5-4 9-16" fill="none" stroke="#8a8a8a"` +
    ' stroke-width="1.6" stroke-linecap="round"/>' +
    '<path d="M6.5 6.5 10 14.5" fill="none" stroke="#d0208f" stroke-width="1.8"' +
    ' stroke-linecap="round"/><path d="m11.6 17.6-3.4-2.2 3.2-1.7z" fill="#d0208f"/>' +
    '<circle cx="5" cy="4.6" r="2.6" fill="#e8710a"/>' +
    '<circle cx="12" cy="19.6" r="2.6" fill="#2f7fd3"/></svg>';

export const asUrl = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;
