/** @file What a pickle holds when nothing in it is run: plain values, and names of classes with what they were given. */

/** A value of a pickle. Dictionaries are Maps; shared values are the same object. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleTuple
  | PickleSet
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleObject
  | PickleReference;

/** A list that does not change. */
export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A set, whose members may repeat here. */
export class PickleSet {
  readonly items: PickleValue[];

  constructor(items: PickleValue[]) {
    this.items = items;
  }
}

/** The name of a class or function, which is never looked up. */
export class PickleGlobal {
  /** With its module: `torch._utils._rebuild_tensor_v2`. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a class or function would have made. */
export class PickleObject {
  readonly maker: PickleGlobal;
  readonly given: readonly PickleValue[];
  state: PickleValue = null;

  constructor(maker: PickleGlobal, given: readonly PickleValue[]) {
    this.maker = maker;
    this.given = given;
  }
}

/** Something that lies outside of the pickle, as the pickle names it. */
export class PickleReference {
  readonly id: PickleValue;

  constructor(id: PickleValue) {
    this.id = id;
  }
}
