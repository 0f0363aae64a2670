/** @file Texts of the brush, which hides parts of the picture or paints the one that is explained. */

export const brushEnglish = {
  brush: "Hide by brush",
  notFound: "not found",
  nothingToWatch:
    "This network answers at every place of the picture, so there is no list of answers to watch while parts are hidden.",
  hideParts: "Paint over the picture to hide parts of it",
  paintPart: "Paint the part of the picture that is explained",
  paintIt: "Paint it by brush",
  brushWidth: "Width of the brush",
  erase: "Erase",
  brushKeys: "Arrows move the brush, the space bar paints, the delete key erases.",
  noPartOfClass:
    "No part of the picture can be meant here: this network answers for all of it at once. Of a channel of a layer it can.",
} as const;
