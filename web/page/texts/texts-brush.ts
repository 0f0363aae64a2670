/** @file Texts of the brush, which hides parts of the picture or paints the one that is explained. */

const english = {
  brush: "Hide by brush",
  hideParts: "Paint over the picture to hide parts of it",
  paintPart: "Paint the part of the picture that is explained",
  paintIt: "Paint it by brush",
  brushWidth: "Width of the brush",
  erase: "Erase",
  brushKeys: "Arrows move the brush, the space bar paints, the delete key erases.",
  noPartOfClass:
    "No part of the picture can be meant here: this network answers for all of it at once. Of a channel of a layer it can.",
} as const;

const german: Readonly<Record<keyof typeof english, string>> = {
  brush: "Mit dem Pinsel verdecken",
  hideParts: "Über das Bild malen, um Teile zu verdecken",
  paintPart: "Den Teil des Bildes bemalen, der erklärt wird",
  paintIt: "Mit dem Pinsel bemalen",
  brushWidth: "Breite des Pinsels",
  erase: "Radieren",
  brushKeys: "Pfeile bewegen den Pinsel, die Leertaste malt, die Entfernen-Taste radiert.",
  noPartOfClass:
    "Hier kann kein Teil des Bildes gemeint sein: Dieses Netz antwortet für das ganze Bild. Von einem Kanal einer Schicht geht es.",
};

export const brushTexts = { en: english, de: german } as const;
