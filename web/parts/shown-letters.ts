/** @file Whatever files call their layers, classes and photos: on the page every letter only shows itself. */
import { options, type VNode } from "preact";
import { shownLines } from "../../src/wording/shown-text.ts";

/** Attributes that are read to people or shown to them. */
const spoken = [
  "title",
  "alt",
  "label",
  "placeholder",
  "aria-label",
  "aria-description",
  "aria-valuetext",
  "aria-roledescription",
] as const;

/** From now on, all text that is drawn has letters spelled out that would turn or hide others; values of fields stay. */
export function showLettersAlone(): void {
  const before = options.vnode;
  options.vnode = (vnode) => {
    spellOut(vnode);
    before?.(vnode);
  };
}

/** A text is a node without a type, whose properties are the text itself. */
function spellOut(vnode: VNode): void {
  const node = vnode as unknown as { readonly type: unknown; props: unknown };
  if (node.type === null) {
    if (typeof node.props === "string") node.props = shownLines(node.props);
    return;
  }
  if (typeof node.type !== "string") return;
  const props = node.props as Record<string, unknown>;
  for (const name of spoken) {
    const text = props[name];
    if (typeof text === "string") props[name] = shownLines(text);
  }
}
