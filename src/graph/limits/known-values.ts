/** @file What is known of values before anything runs: types, sizes, small numbers, and what they depend on. */
import { sizeInBytes, toNumbers, type ElementType, type Tensor } from "../tensor.ts";

/** What is known of a value. */
export interface Known {
  readonly type: ElementType | undefined;
  /** Undefined where only a run tells. */
  readonly dims: readonly number[] | undefined;
  /** The numbers of a constant that is computed, where it is small or a run has told them. */
  readonly numbers?: readonly number[] | undefined;
  /** Whether it depends on the numbers that are fed, or on chance. */
  readonly varies: boolean;
  /** Whether it varies by chance alone. */
  readonly byChance?: boolean;
}

/** Whether a value takes its memory whatever is fed. */
export function isFixed({ varies, byChance = false }: Known): boolean {
  return !varies || byChance;
}

/** Bytes that a value takes; 0 where its size is not known. */
export function bytesOf({ type, dims }: Known): number {
  return dims ? sizeInBytes({ type: type ?? "float32", dims }) : 0;
}

/** Nothing is known. */
export const unknownValue: Known = { type: undefined, dims: undefined, varies: true };

/** Constants of more numbers are not computed ahead: shapes have fewer. */
export const mostNumbers = 256;

/** Values by name; those of a subgraph stand before those around it. */
export class KnownValues {
  readonly #own = new Map<string, Known>();
  readonly #constants: ReadonlyMap<string, Tensor>;
  readonly #outer: KnownValues | undefined;

  constructor(constants: ReadonlyMap<string, Tensor>, outer?: KnownValues) {
    this.#constants = constants;
    this.#outer = outer;
  }

  of(name: string): Known {
    const own = this.#own.get(name);
    if (own) return own;
    const constant = this.#constants.get(name);
    if (!constant) return this.#outer?.of(name) ?? unknownValue;
    const known = { type: constant.type, dims: constant.dims, varies: false };
    this.#own.set(name, known);
    return known;
  }

  set(name: string, known: Known): void {
    this.#own.set(name, known);
  }

  /** True for a value of this graph, and not of one around it. */
  isOwn(name: string): boolean {
    return this.#own.has(name) || this.#constants.has(name);
  }

  /** The numbers of a value of any size, if they are there. */
  numbersOf(name: string): readonly number[] | undefined {
    const constant = this.#constants.get(name);
    if (constant) return constant.type === "string" ? undefined : toNumbers(constant);
    return this.#own.has(name) ? this.of(name).numbers : this.#outer?.numbersOf(name);
  }
}
