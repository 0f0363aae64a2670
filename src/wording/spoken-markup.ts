/** @file What of markup is read to people, or holds text alone. */

/** Attributes that are read to people or shown to them. */
export const spokenAttributes = [
  "title",
  "alt",
  "label",
  "placeholder",
  "aria-label",
  "aria-description",
  "aria-valuetext",
  "aria-roledescription",
] as const;

/** Elements that hold text and nothing else. */
export const bareElements = ["option", "title", "desc", "textarea"] as const;
