/**
 * @file Sentences that the core writes, in another language: found by the English sentence, as catalogs of messages are.
 * What a catalog lacks stays English.
 */

/** Sentences in English and in the other language, with what differs in braces. */
export type SentencePair = readonly [english: string, other: string];

export interface SentenceCatalog {
  readonly pairs: readonly SentencePair[];
  /**
   * What may stand in a brace of a name, in both languages; nothing else matches such a brace. Braces of other names hold
   * anything, which stays as it is; those whose name begins with "sentence" hold what the catalog has itself.
   */
  readonly words: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The sentence in the other language, undefined where there is none. */
export type Translate = (sentence: string) => string | undefined;

/** What joins sentences that may be translated one by one. */
const joints = ["; ", "  ·  "];

export function translator({ pairs, words }: SentenceCatalog): Translate {
  const rows = pairs.map(([english, other]) => {
    const names = [...english.matchAll(brace)].map(([, name]) => name!);
    return { english, other, names };
  });
  const patterns = new Map<string, RegExp>();
  const patternOf = (english: string) => {
    const known = patterns.get(english) ?? pattern(english, words);
    patterns.set(english, known);
    return known;
  };

  const whole: Translate = (sentence) => {
    for (const { english, other, names } of rows) {
      const found = patternOf(english).exec(sentence);
      if (!found) continue;
      const values = new Map<string, string>();
      for (const [i, name] of names.entries()) {
        const value = found[i + 1]!;
        const said = name.startsWith("sentence")
          ? translate(value)
          : (words[name]?.[value] ?? value);
        if (said !== undefined) values.set(name, said);
      }
      if (values.size < names.length) continue;
      return other.replace(brace, (_, name: string) => values.get(name)!);
    }
    return undefined;
  };
  const translate: Translate = (sentence) => {
    // Numbers are the same in all languages.
    if (!/\p{L}{2}/u.test(sentence)) return sentence;
    const said = whole(sentence);
    if (said !== undefined) return said;
    for (const joint of joints) {
      const parts = sentence.split(joint);
      if (parts.length < 2) continue;
      const all = parts.map(translate);
      if (all.every((each) => each !== undefined)) return all.join(joint);
    }
    return undefined;
  };
  // A page that is drawn again says mostly what it said before.
  const known = new Map<string, string | undefined>();
  return (sentence) => {
    if (known.has(sentence)) return known.get(sentence);
    if (known.size === mostKnown) known.clear();
    const said = translate(sentence);
    known.set(sentence, said);
    return said;
  };
}

/** A camera's numbers are others in every frame. */
const mostKnown = 500;

/** No joint, beyond which another sentence begins. */
const anything = `((?:(?!${joints.join("|")}).)+?)`;

const brace = /\{([a-zA-Z]+)\}/g;

function pattern(english: string, words: SentenceCatalog["words"]): RegExp {
  const source = english.split(brace).map((piece, i) => {
    if (i % 2 === 0) return literal(piece);
    const among = words[piece];
    if (among) return `(${Object.keys(among).map(literal).join("|")})`;
    return piece.startsWith("sentence") ? "(.+)" : anything;
  });
  return new RegExp(`^${source.join("")}$`, "s");
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
