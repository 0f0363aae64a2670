/** @file Python's pickles (protocols 0 to 5), read without running anything that they name. */
import { badPickle, PickleBytes, plainInteger } from "./pickle-bytes.ts";
import {
  PickleGlobal,
  PickleObject,
  PickleReference,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from "./pickle-value.ts";

/** Values that a pickle may hold at a time, and remember. */
const mostValues = 4_000_000;

/** The value of the pickle that starts at `at`, and where it ends. Throws `bad-file`. */
export function readPickle(
  bytes: Uint8Array,
  at = 0,
): { readonly value: PickleValue; readonly end: number } {
  const machine = new PickleMachine(new PickleBytes(bytes, at));
  const value = machine.run();
  return { value, end: machine.input.at };
}

/** A stack of values; those below a mark wait on a stack of stacks. */
class PickleMachine {
  readonly input: PickleBytes;
  #stack: PickleValue[] = [];
  readonly #below: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();
  #count = 0;

  constructor(input: PickleBytes) {
    this.input = input;
  }

  run(): PickleValue {
    for (;;) {
      const code = this.input.byte();
      if (code === stop) return this.pop();
      const step = steps.get(code);
      if (!step) {
        const shown = JSON.stringify(String.fromCharCode(code));
        throw badPickle(`every step must be known, got ${shown} at ${this.input.at - 1}`);
      }
      step(this);
      this.#spend(1);
    }
  }

  #spend(steps: number): void {
    this.#count += steps;
    if (this.#count > mostValues) throw badPickle(`a pickle must have at most ${mostValues} steps`);
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw badPickle("a step must find a value, got none");
    return value;
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw badPickle("a step must find a value, got none");
    return value;
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** The values since the last mark, which are taken off with it. */
  popMark(): PickleValue[] {
    const values = this.#stack;
    const below = this.#below.pop();
    if (!below) throw badPickle("a step must find its mark, got none");
    this.#stack = below;
    return values;
  }

  /** Takes the last value off, or the mark where there is none since. */
  drop(): void {
    if (this.#stack.length === 0 && this.#below.length > 0) this.popMark();
    else this.pop();
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  rememberNext(): void {
    this.#memo.set(this.#memo.size, this.top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw badPickle(`value ${index} must have been remembered, got none`);
    this.push(value);
  }

  /** What a class or function makes of its arguments; nothing is run. */
  call(maker: PickleValue, given: PickleValue): void {
    if (!(given instanceof PickleTuple)) throw badPickle("arguments must be a tuple");
    const named = className(maker);
    const fill = Object.hasOwn(containers, named.name) ? containers[named.name] : undefined;
    if (!fill) return this.push(new PickleObject(named, given.items));
    const items = itemsOf(given.items[0]);
    // The same list may be asked for again and again.
    this.#spend(items.length);
    this.push(fill(items));
  }
}

/** Python's own collections of some items, which may be filled further once they are made. */
const containers: Readonly<Record<string, (items: readonly PickleValue[]) => PickleValue>> = {
  "collections.OrderedDict": mapOf,
  "collections.defaultdict": () => new Map(),
  "builtins.dict": mapOf,
  "__builtin__.dict": mapOf,
  "builtins.set": (items) => new PickleSet([...items]),
  "__builtin__.set": (items) => new PickleSet([...items]),
  "torch.Size": (items) => new PickleTuple([...items]),
};

function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  if (value instanceof PickleTuple) return value.items;
  return Array.isArray(value) ? value : [];
}

function mapOf(pairs: readonly PickleValue[]): Map<PickleValue, PickleValue> {
  const map = new Map<PickleValue, PickleValue>();
  for (const pair of pairs) {
    const [key, value] = itemsOf(pair);
    if (key !== undefined && value !== undefined) map.set(key, value);
  }
  return map;
}

/** Before PyTorch 1.6 classes of modules lie outside of the pickle, with their source text. */
function className(maker: PickleValue): PickleGlobal {
  if (maker instanceof PickleGlobal) return maker;
  const id = maker instanceof PickleReference ? maker.id : undefined;
  const [, inside] = id instanceof PickleTuple ? id.items : [];
  return inside instanceof PickleGlobal ? inside : new PickleGlobal("that is not named");
}

type Step = (machine: PickleMachine) => void;

const stop = 0x2e;

function put(map: PickleValue, pairs: readonly PickleValue[]): void {
  if (pairs.length % 2 !== 0) throw badPickle("a dictionary must have a value for each key");
  // Items that a class of somebody's own is given change nothing that is read.
  if (!(map instanceof Map)) return;
  for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i]!, pairs[i + 1]!);
}

function append(list: PickleValue, values: readonly PickleValue[]): void {
  if (list instanceof PickleSet) for (const value of values) list.items.push(value);
  if (Array.isArray(list)) for (const value of values) list.push(value);
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const made = machine.top();
  if (made instanceof PickleObject) made.state = state;
}

function wholeNumber(text: string): PickleValue {
  if (text === "00") return false;
  if (text === "01") return true;
  const digits = text.replace(/L$/, "");
  if (!/^-?\d{1,150}$/.test(digits)) throw badPickle(`a whole number must be one, got "${digits}"`);
  return plainInteger(BigInt(digits));
}

function quoted(text: string): string {
  return /^(['"]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function tuple(machine: PickleMachine, count: number): void {
  const items = Array.from({ length: count }, () => machine.pop()).reverse();
  machine.push(new PickleTuple(items));
}

const constants: readonly (readonly [string, Step])[] = [
  ["N", (m) => m.push(null)],
  ["\x88", (m) => m.push(true)],
  ["\x89", (m) => m.push(false)],
  ["K", (m) => m.push(m.input.byte())],
  ["M", (m) => m.push(m.input.uint16())],
  ["J", (m) => m.push(m.input.int32())],
  ["\x8a", (m) => m.push(m.input.integer(m.input.byte()))],
  ["\x8b", (m) => m.push(m.input.integer(m.input.uint32()))],
  ["I", (m) => m.push(wholeNumber(m.input.line()))],
  ["L", (m) => m.push(wholeNumber(m.input.line()))],
  ["F", (m) => m.push(Number(m.input.line()))],
  ["G", (m) => m.push(m.input.float64())],
  ["S", (m) => m.push(quoted(m.input.line()))],
  ["T", (m) => m.push(latin(m.input.bytes(m.input.uint32())))],
  ["U", (m) => m.push(latin(m.input.bytes(m.input.byte())))],
  ["V", (m) => m.push(m.input.line())],
  ["X", (m) => m.push(m.input.text(m.input.uint32()))],
  ["\x8c", (m) => m.push(m.input.text(m.input.byte()))],
  ["\x8d", (m) => m.push(m.input.text(m.input.uint64()))],
  ["B", (m) => m.push(m.input.bytes(m.input.uint32()))],
  ["C", (m) => m.push(m.input.bytes(m.input.byte()))],
  ["\x8e", (m) => m.push(m.input.bytes(m.input.uint64()))],
  ["\x96", (m) => m.push(m.input.bytes(m.input.uint64()))],
];

const collections: readonly (readonly [string, Step])[] = [
  ["(", (m) => m.mark()],
  ["0", (m) => m.drop()],
  ["1", (m) => void m.popMark()],
  ["2", (m) => m.push(m.top())],
  ["]", (m) => m.push([])],
  ["}", (m) => m.push(new Map())],
  [")", (m) => m.push(new PickleTuple([]))],
  ["\x8f", (m) => m.push(new PickleSet([]))],
  ["l", (m) => m.push(m.popMark())],
  ["t", (m) => m.push(new PickleTuple(m.popMark()))],
  ["\x91", (m) => m.push(new PickleSet(m.popMark()))],
  ["\x85", (m) => tuple(m, 1)],
  ["\x86", (m) => tuple(m, 2)],
  ["\x87", (m) => tuple(m, 3)],
  [
    "d",
    (m) => {
      const map = new Map<PickleValue, PickleValue>();
      put(map, m.popMark());
      m.push(map);
    },
  ],
  [
    "a",
    (m) => {
      const value = m.pop();
      append(m.top(), [value]);
    },
  ],
  [
    "e",
    (m) => {
      const values = m.popMark();
      append(m.top(), values);
    },
  ],
  [
    "\x90",
    (m) => {
      const values = m.popMark();
      append(m.top(), values);
    },
  ],
  [
    "s",
    (m) => {
      const value = m.pop();
      const key = m.pop();
      put(m.top(), [key, value]);
    },
  ],
  [
    "u",
    (m) => {
      const pairs = m.popMark();
      put(m.top(), pairs);
    },
  ],
];

const others: readonly (readonly [string, Step])[] = [
  ["\x80", (m) => void m.input.byte()],
  ["\x95", (m) => void m.input.uint64()],
  ["p", (m) => m.remember(Number(m.input.line()))],
  ["q", (m) => m.remember(m.input.byte())],
  ["r", (m) => m.remember(m.input.uint32())],
  ["\x94", (m) => m.rememberNext()],
  ["g", (m) => m.recall(Number(m.input.line()))],
  ["h", (m) => m.recall(m.input.byte())],
  ["j", (m) => m.recall(m.input.uint32())],
  ["c", (m) => m.push(new PickleGlobal(`${m.input.line()}.${m.input.line()}`))],
  [
    "\x93",
    (m) => {
      const name = m.pop();
      m.push(new PickleGlobal(`${textOf(m.pop())}.${textOf(name)}`));
    },
  ],
  ["P", (m) => m.push(new PickleReference(m.input.line()))],
  ["Q", (m) => m.push(new PickleReference(m.pop()))],
  [
    "R",
    (m) => {
      const given = m.pop();
      m.call(m.pop(), given);
    },
  ],
  [
    "\x81",
    (m) => {
      const given = m.pop();
      m.call(m.pop(), given);
    },
  ],
  [
    "\x92",
    (m) => {
      void m.pop();
      const given = m.pop();
      m.call(m.pop(), given);
    },
  ],
  [
    "i",
    (m) => {
      const maker = new PickleGlobal(`${m.input.line()}.${m.input.line()}`);
      m.call(maker, new PickleTuple(m.popMark()));
    },
  ],
  [
    "o",
    (m) => {
      const [maker, ...given] = m.popMark();
      m.call(maker ?? null, new PickleTuple(given));
    },
  ],
  ["b", build],
];

/** Letters of a class's name. */
const longestName = 1000;

function textOf(value: PickleValue): string {
  if (typeof value === "string" && value.length <= longestName) return value;
  throw badPickle(`the name of a class must be text of at most ${longestName} letters`);
}

/** THE table of steps, by their codes. */
const steps = new Map(
  [...constants, ...collections, ...others].map(([letter, step]) => [letter.charCodeAt(0), step]),
);
