/** @file Whatever files call their layers, classes and photos: on a page every letter only shows itself, and moves nothing beside it. */
import { Fragment, h, options, type VNode } from "preact";
import { isolatedText, textPieces } from "../../src/wording/isolated-text.ts";
import { escapedAsIs } from "../../src/wording/markup.ts";
import { shownLines } from "../../src/wording/shown-text.ts";
import { bareElements, spokenAttributes } from "../../src/wording/spoken-markup.ts";

const bare: ReadonlySet<unknown> = new Set(bareElements);

/** What a text of SVG holds. */
const drawn: ReadonlySet<unknown> = new Set(["text", "tspan"]);

type Properties = Record<string, unknown>;

/** As Preact hands it to its hook. */
interface Node {
  type: unknown;
  props: unknown;
}

/**
 * From now on, all text that is drawn has letters spelled out that would turn or hide others, and what is written from
 * right to left is isolated; values of fields stay. Breaks of lines stay, too: where the style means none they are drawn as
 * spaces.
 */
export function showLettersAlone(): void {
  const before = options.vnode;
  options.vnode = (vnode) => {
    showAlone(vnode);
    before?.(vnode);
  };
}

/** A text is a node without a type, whose properties are the text itself. */
function showAlone(vnode: VNode): void {
  const node = vnode as unknown as Node;
  if (node.type === null) {
    if (typeof node.props === "string") showText(node, shownLines(node.props));
    return;
  }
  if (typeof node.type !== "string") return;
  const props = node.props as Properties;
  for (const name of spokenAttributes) {
    const text = props[name];
    if (typeof text === "string") props[name] = isolatedText(shownLines(text));
  }
  if (bare.has(node.type)) isolateWhole(props);
  if (drawn.has(node.type)) isolateDrawn(props);
}

function showText(node: Node, text: string): void {
  const pieces = textPieces(text);
  if (!pieces.some((piece) => piece.isIsolated)) {
    node.props = text;
    return;
  }
  node.type = Fragment;
  node.props = { children: pieces.map((piece) => isolatedIn("bdi", piece)) };
}

/** As markup, since as a child the text would come by here again. */
function alone(text: string): Properties {
  return { dangerouslySetInnerHTML: { __html: escapedAsIs(text) } };
}

function isolatedIn(type: "bdi" | "tspan", { text, isIsolated }: ReturnType<typeof textPieces>[0]) {
  if (!isIsolated) return text;
  const style = type === "tspan" ? { style: { unicodeBidi: "isolate" } } : {};
  return h(type, { ...style, ...alone(text) });
}

/** Children that are all text are one text, with unseen letters where markup may not stand. */
function isolateWhole(props: Properties): void {
  const children = [props["children"]].flat();
  if (!children.every((child) => typeof child === "string" || typeof child === "number")) return;
  const text = shownLines(children.join(""));
  const isolated = isolatedText(text);
  if (isolated === text) return;
  delete props["children"];
  Object.assign(props, alone(isolated));
}

function isolateDrawn(props: Properties): void {
  const children = [props["children"]].flat();
  if (!children.some((child) => typeof child === "string" && isolatedText(child) !== child)) return;
  props["children"] = children.flatMap((child) =>
    typeof child === "string"
      ? textPieces(shownLines(child)).map((piece) => isolatedIn("tspan", piece))
      : [child],
  );
}
