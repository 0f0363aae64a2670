/** @file What a run may take, and the refusal of one that would take more. */
import { LimpidError } from "../../errors.ts";
import { option, say } from "../../wording/face.ts";
import { roomySizeText, sizeText, timeText, type Limits } from "../../wording/limits.ts";
import type { Node } from "../graph.ts";

/** Of the memory, what constants that are computed may take, beside eight times what the file holds itself. */
const constantsShare = 1 / 16;
const constantsGrowth = 8;

/** Of the time, what one run may take by estimate, and what constants may. */
const runShare = 1 / 24;
const constantsTimeShare = 1 / 8640;

/** Of the time, what opening may take, which grows with the square of the nodes: so many of them in a second. */
const openingShare = 1 / 2880;
const nodesOfFirstSecond = 7000;

/** Who waits for longer does not wait for an end: some three years. */
const endlessSeconds = 1e8;

/** Nodes that a walk may look at, those inside others as often as they must be followed. */
const mostSteps = 2_000_000;

/** What may be taken, and by what. */
export class Budget {
  #steps = 0;
  readonly #limits: Limits;
  readonly #fileBytes: number;

  /** `fileBytes` is what the graph's own constants take. */
  constructor(limits: Limits, fileBytes: number) {
    this.#limits = limits;
    this.#fileBytes = fileBytes;
  }

  /** Counts a node that is looked at. Throws `over-limit` for graphs inside graphs that change at every round. */
  countStep(node: Node): void {
    this.#steps += 1;
    if (this.#steps > mostSteps)
      throw timeRefusal(
        "a run",
        node,
        Number.POSITIVE_INFINITY,
        this.#limits.timeSeconds * runShare,
        0,
      );
  }

  /** Throws `over-limit` if values that are alive together take too much at a node. */
  checkMemory(node: Node, bytes: number): void {
    const most = this.#limits.memoryBytes;
    if (bytes > most) throw memoryRefusal("a run", node, bytes, most, bytes);
  }

  /** As `checkMemory`, of values that do not depend on the picture. */
  checkConstantMemory(node: Node, bytes: number): void {
    const most = this.#limits.memoryBytes * constantsShare + this.#fileBytes * constantsGrowth;
    if (bytes > most) throw memoryRefusal("constants", node, bytes, most, bytes / constantsShare);
  }

  /** Throws `over-limit` if a run has taken too long when a node is done. */
  checkTime(node: Node, seconds: number): void {
    const most = this.#limits.timeSeconds * runShare;
    if (seconds > most) throw timeRefusal("a run", node, seconds, most, seconds / runShare);
  }

  /** As `checkTime`, of values that do not depend on the picture. */
  checkConstantTime(node: Node, seconds: number): void {
    const most = this.#limits.timeSeconds * constantsTimeShare;
    if (seconds > most)
      throw timeRefusal("constants", node, seconds, most, seconds / constantsTimeShare);
  }

  /** Throws `over-limit` for more nodes than can be opened. */
  checkNodes(count: number): void {
    const seconds = (count / nodesOfFirstSecond) ** 2;
    const most = this.#limits.timeSeconds * openingShare;
    if (seconds <= most) return;
    throw new LimpidError(
      "over-limit",
      say`limits: a network must be opened in ${timeText(most)}, got ${count} nodes, with which it takes some ${timeText(seconds)}. simplify it, or give ${option("time-limit", timeText(seconds / openingShare))}.`,
    );
  }
}

function memoryRefusal(
  what: string,
  node: Node,
  bytes: number,
  most: number,
  wanted: number,
): LimpidError {
  return new LimpidError(
    "over-limit",
    say`limits: ${what} must take at most ${sizeText(most)} of memory, got ${node.operator} "${node.name}", with which it is ${sizeText(bytes)}. use smaller pictures, or give ${option("memory-limit", roomySizeText(wanted))}.`,
  );
}

function timeRefusal(
  what: string,
  node: Node,
  seconds: number,
  most: number,
  wanted: number,
): LimpidError {
  const isEndless = seconds > endlessSeconds;
  const got = isEndless ? "without an end" : `some ${timeText(seconds)}`;
  const advice = !isEndless
    ? say`use smaller pictures, or give ${option("time-limit", timeText(wanted))}`
    : say`export the model with an end`;
  return new LimpidError(
    "over-limit",
    say`limits: ${what} must take at most ${timeText(most)}, got ${node.operator} "${node.name}", with which it is ${got}. ${advice}.`,
  );
}
