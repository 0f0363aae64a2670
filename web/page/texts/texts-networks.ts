/** @file What the page says of the networks that are had by name, in both languages. */

const english = {
  catalogMore: "Pretrained networks …",
  catalogTitle: "Pretrained networks",
  catalogHint:
    "The program that serves this page fetches a network once and keeps it; nothing of yours is sent. Esc stops it, and the next time it goes on from there.",
  catalogElsewhere:
    "This page comes from a host that fetches nothing for it. The program on your machine opens a page that has these networks, with one of their names or without:",
} as const;

const german: Readonly<Record<keyof typeof english, string>> = {
  catalogMore: "Vortrainierte Netze …",
  catalogTitle: "Vortrainierte Netze",
  catalogHint:
    "Das Programm, von dem diese Seite kommt, holt ein Netz einmal und behält es; von dir wird nichts gesendet. Esc hält es an, beim nächsten Mal geht es dort weiter.",
  catalogElsewhere:
    "Diese Seite kommt von einem Ort, der nichts für sie holt. Das Programm auf deinem Rechner öffnet eine Seite, die diese Netze hat, mit einem ihrer Namen oder ohne:",
};

export const networkTexts = { en: english, de: german } as const;
