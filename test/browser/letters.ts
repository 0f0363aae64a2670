/** @file What letters of names do on a page beyond showing themselves: command, hide, turn, or move what stands beside them. */
import type { Page } from "playwright-core";

export interface Misled {
  /** Texts with letters that do more than show themselves. */
  readonly doing: readonly string[];
  /** Texts with letters written from right to left that no element, and where markup may not stand no unseen letter, keeps to themselves. */
  readonly loose: readonly string[];
  /** Texts in which a letter written from left to right stands before one that it comes after. */
  readonly moved: readonly string[];
}

export const nothingMisled: Misled = { doing: [], loose: [], moved: [] };

const fromRight = "[\\u0590-\\u08ff]";

/** All such texts of a page as it is drawn, read out, and named in its tab. */
export async function misled(page: Page): Promise<Misled> {
  return { ...(await turning(page)), moved: await moved(page) };
}

function turning(page: Page): Promise<Pick<Misled, "doing" | "loose">> {
  return page.evaluate((turned) => {
    const spoken =
      /^(title|alt|label|placeholder|aria-(label|description|valuetext|roledescription))$/;
    const [doing, loose]: [string[], string[]] = [[], []];
    const judge = (text: string, isKept: boolean) => {
      // Two letters isolate a name where markup may not stand: they are the page's own, and come in pairs.
      const isolated = /\u2068([^\u2068\u2069]*)\u2069/g;
      const plain = text.replaceAll(isolated, "$1");
      if (/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(plain)) doing.push(text);
      if (!isKept && new RegExp(turned).test(text.replaceAll(isolated, ""))) loose.push(text);
    };
    judge(document.title, false);
    for (const element of document.querySelectorAll("body, body *")) {
      for (const { name, value } of element.attributes) if (spoken.test(name)) judge(value, false);
      // Blocks isolate, too, and with the name all that stands beside it.
      const isOfName = ["BDI", "tspan"].includes(element.tagName);
      const isKept = isOfName && getComputedStyle(element).unicodeBidi === "isolate";
      for (const node of element.childNodes) if (node instanceof Text) judge(node.data, isKept);
    }
    return { doing, loose };
  }, fromRight);
}

function moved(page: Page): Promise<readonly string[]> {
  return page.evaluate((turned) => {
    const isTurned = (text: string) => new RegExp(turned).test(text);
    const range = document.createRange();
    const textsIn = (parent: Element) => {
      const walk = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
      const found: Text[] = [];
      while (walk.nextNode()) found.push(walk.currentNode as Text);
      return found;
    };
    const blockOf = (element: Element): Element => {
      const isInline = getComputedStyle(element).display === "inline";
      if (element.tagName === "text" || !isInline || !element.parentElement) return element;
      return blockOf(element.parentElement);
    };
    const placesIn = (text: Text) =>
      [...text.data.matchAll(/[\p{L}\p{N}]/gu)].flatMap(({ index, 0: letter }) => {
        range.setStart(text, index);
        range.setEnd(text, index + letter.length);
        const place = range.getBoundingClientRect();
        return isTurned(letter) || place.width === 0 ? [] : [place];
      });
    const all = textsIn(document.body);
    const turning = all.filter(({ data }) => isTurned(data));
    const blocks = new Set(turning.map((text) => blockOf(text.parentElement!)));
    const disordered = [...blocks].filter((block) => {
      const own = textsIn(block).filter((text) => blockOf(text.parentElement!) === block);
      const places = own.flatMap(placesIn);
      return places.some(({ left, top, bottom }, i) => {
        const before = places[i - 1];
        const middle = (top + bottom) / 2;
        const isSameLine = before && before.top < middle && middle < before.bottom;
        return isSameLine && left < before.left;
      });
    });
    return disordered.map(({ textContent }) => textContent);
  }, fromRight);
}
