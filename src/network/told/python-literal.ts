/** @file Python's way to write dictionaries, lists, texts and numbers, as exporters leave them in metadata; JSON is read alike. */

/** What a text stands for; dictionaries keep the order of their keys, which become texts. */
export type Literal =
  string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>;

/** Deeper ones are no metadata. */
const mostLevels = 32;

const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
  ["None", null],
  ["null", null],
]);

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  a: "\u0007",
  v: "\v",
  "0": "\0",
};

/** Reads one value after the other; `undefined` stands for text that is none. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value of the whole text. */
  whole(): Literal | undefined {
    const value = this.#value(0);
    this.#skipSpace();
    return this.#at === this.#text.length ? value : undefined;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  /** Whether a sign comes next, which is then behind. */
  #takes(sign: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #value(level: number): Literal | undefined {
    if (level > mostLevels) return undefined;
    if (this.#takes("{")) return this.#dictionary(level);
    if (this.#takes("[")) return this.#list("]", level);
    if (this.#takes("(")) return this.#list(")", level);
    for (const quote of ["'", '"']) if (this.#takes(quote)) return this.#quoted(quote);
    return this.#word();
  }

  #list(end: string, level: number): Literal | undefined {
    const items: Literal[] = [];
    while (!this.#takes(end)) {
      const item = this.#value(level + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (this.#takes(",")) continue;
      return this.#takes(end) ? items : undefined;
    }
    return items;
  }

  #dictionary(level: number): Literal | undefined {
    const entries = new Map<string, Literal>();
    while (!this.#takes("}")) {
      const key = this.#value(level + 1);
      if ((typeof key !== "string" && typeof key !== "number") || !this.#takes(":"))
        return undefined;
      const item = this.#value(level + 1);
      if (item === undefined) return undefined;
      entries.set(String(key), item);
      if (this.#takes(",")) continue;
      return this.#takes("}") ? entries : undefined;
    }
    return entries;
  }

  #quoted(quote: string): string | undefined {
    let text = "";
    for (;;) {
      const letter = this.#text[this.#at++];
      if (letter === undefined) return undefined;
      if (letter === quote) return text;
      text += letter === "\\" ? this.#escaped() : letter;
    }
  }

  #escaped(): string {
    const letter = this.#text[this.#at++] ?? "";
    const digits = { x: 2, u: 4, U: 8 }[letter];
    if (digits === undefined) return escapes[letter] ?? letter;
    const code = Number.parseInt(this.#text.slice(this.#at, this.#at + digits), 16);
    this.#at += digits;
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  }

  #word(): Literal | undefined {
    const [word = ""] = /^[-+.\w]+/.exec(this.#text.slice(this.#at, this.#at + 64)) ?? [];
    this.#at += word.length;
    if (words.has(word)) return words.get(word);
    const value = word === "" ? Number.NaN : Number(word);
    return Number.isFinite(value) ? value : undefined;
  }
}

/** The value that a text stands for, in Python's spelling or JSON's; undefined if it is neither. */
export function readLiteral(text: string): Literal | undefined {
  return new Reader(text).whole();
}

/** The numbers of a list, or of a number alone; undefined for anything else. */
export function numbersOf(value: Literal | undefined): readonly number[] | undefined {
  if (typeof value === "number") return [value];
  if (!Array.isArray(value)) return undefined;
  const list: readonly Literal[] = value;
  const numbers = list.filter((item) => typeof item === "number");
  return numbers.length === list.length ? numbers : undefined;
}
