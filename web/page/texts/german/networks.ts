/** @file In German: the texts of `english/networks.ts`. */
import type { networkEnglish } from "../english/networks.ts";

export const networkGerman: Readonly<Record<keyof typeof networkEnglish, string>> = {
  catalogMore: "Vortrainierte Netze …",
  catalogTitle: "Vortrainierte Netze",
  catalogHint:
    "Das Programm, von dem diese Seite kommt, holt ein Netz einmal und behält es; von dir wird nichts gesendet. Esc hält es an, beim nächsten Mal geht es dort weiter.",
  catalogElsewhere:
    "Diese Seite kommt von einem Ort, der nichts für sie holt. Das Programm auf deinem Rechner öffnet eine Seite, die diese Netze hat, mit einem ihrer Namen oder ohne:",
};
