/** @file In German: the texts of `english/brush.ts`. */
import type { brushEnglish } from "../english/brush.ts";

export const brushGerman: Readonly<Record<keyof typeof brushEnglish, string>> = {
  brush: "Mit dem Pinsel verdecken",
  notFound: "nicht gefunden",
  nothingToWatch:
    "Dieses Netz antwortet an jeder Stelle des Bildes, darum gibt es keine Liste von Antworten, die man beim Verdecken beobachten kann.",
  hideParts: "Über das Bild malen, um Teile zu verdecken",
  paintPart: "Den Teil des Bildes bemalen, der erklärt wird",
  paintIt: "Mit dem Pinsel bemalen",
  brushWidth: "Breite des Pinsels",
  erase: "Radieren",
  brushKeys: "Pfeile bewegen den Pinsel, die Leertaste malt, die Entfernen-Taste radiert.",
  noPartOfClass:
    "Hier kann kein Teil des Bildes gemeint sein: Dieses Netz antwortet für das ganze Bild. Von einem Kanal einer Schicht geht es.",
};
