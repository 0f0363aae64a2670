/** @file What the page says of the networks that are had by name. */

export const networkEnglish = {
  catalogMore: "Pretrained networks …",
  catalogTitle: "Pretrained networks",
  catalogHint:
    "The program that serves this page fetches a network once and keeps it; nothing of yours is sent. Esc stops it, and the next time it goes on from there.",
  catalogElsewhere:
    "This page comes from a host that fetches nothing for it. The program on your machine opens a page that has these networks, with one of their names or without:",
} as const;
