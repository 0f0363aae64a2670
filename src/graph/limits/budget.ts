/** @file What a run may take, and the refusal of one that would take more. */
import { LimpidError } from "../../errors.ts";
import { option, say } from "../../wording/face.ts";
import { roomySizeText, sizeText, timeText, type Limits } from "../../wording/limits.ts";
import type { Node } from "../graph.ts";

/**
 * Memory that may be taken where nobody asks for more: bytes that are free, as a few bytes must not ask for all there is,
 * and beside them so many times what is given.
 */
export const usualMemory = {
  /** A network and its constants by themselves; values go once they have been read. */
  network: { freeBytes: 2 ** 28, fedGrowth: 1000, weightsGrowth: 8 },
  /** Graphs that are made of it, of which weights and inputs are given: gradients keep every value for the way back. */
  graph: { freeBytes: 2 ** 30, givenGrowth: 2000 },
} as const;

/** Time that a run, one loop of it, constants, and opening may take by estimate, where nobody asks for more. */
const runSeconds = 3600;
const freeRunSeconds = 2;
const loopSeconds = 10;
const constantSeconds = 5;
const openingSeconds = 5;

/** Seconds of a run for each byte that is fed and of weights, beside those that are free: a hundred times what networks take. */
const secondsPerByteFed = 1e-4;
const secondsPerByteOfWeights = 1e-6;

/** Seconds for each byte of memory that somebody asked for, so that it can be filled. */
const secondsToFill = 1e-9;

/** Opening takes a time that grows with the square of the nodes: so many of them in the first second. */
const nodesOfFirstSecond = 7000;

/** Who waits for longer does not wait for an end: some three years. */
const endlessSeconds = 1e8;

/** Nodes that a walk may look at, those inside others as often as they must be followed. */
const mostSteps = 2_000_000;

/** What may be taken, and by what. */
export class Budget {
  #steps = 0;
  readonly #mostBytes: number;
  readonly #mostConstantBytes: number;
  readonly #fillSeconds: number;
  readonly #mostSeconds: number;
  readonly #secondsUpTo: (usual: number) => number;

  /** `fileBytes` is what the graph's own constants take, `fedBytes` what is fed to it. */
  constructor(limits: Limits, fileBytes: number, fedBytes: number) {
    const { memoryBytes, timeSeconds, isMemoryAsked = false, isTimeAsked = false } = limits;
    const bytesUpTo = (usual: number) =>
      isMemoryAsked ? memoryBytes : Math.min(usual, memoryBytes);
    const { freeBytes, fedGrowth, weightsGrowth } = usualMemory.network;
    const constants = freeBytes + fileBytes * weightsGrowth;
    this.#mostConstantBytes = bytesUpTo(constants);
    this.#mostBytes = bytesUpTo(constants + fedBytes * fedGrowth);
    this.#secondsUpTo = (usual) => (isTimeAsked ? timeSeconds : Math.min(usual, timeSeconds));
    this.#fillSeconds = isMemoryAsked ? memoryBytes * secondsToFill : 0;
    const seconds =
      freeRunSeconds +
      this.#fillSeconds +
      fedBytes * secondsPerByteFed +
      fileBytes * secondsPerByteOfWeights;
    this.#mostSeconds = this.#secondsUpTo(Math.min(seconds, runSeconds));
  }

  /** Counts a node that is looked at. Throws `over-limit` for graphs inside graphs that change at every round. */
  countStep(node: Node): void {
    this.#steps += 1;
    if (this.#steps <= mostSteps) return;
    throw timeRefusal("a run", node, Number.POSITIVE_INFINITY, this.#mostSeconds);
  }

  /** Throws `over-limit` if values that are alive together take too much at a node. */
  checkMemory(node: Node, bytes: number): void {
    if (bytes > this.#mostBytes) throw memoryRefusal("a run", node, bytes, this.#mostBytes);
  }

  /** As `checkMemory`, of values that do not depend on the picture. */
  checkConstantMemory(node: Node, bytes: number): void {
    const most = this.#mostConstantBytes;
    if (bytes > most) throw memoryRefusal("constants", node, bytes, most);
  }

  /** Throws `over-limit` if a run has taken too long when a node is done. */
  checkTime(node: Node, seconds: number): void {
    const most = this.#mostSeconds;
    if (seconds > most) throw timeRefusal("a run", node, seconds, most);
  }

  /** As `checkTime`, of all rounds of a loop. */
  checkLoop(node: Node, seconds: number): void {
    const most = this.#secondsUpTo(loopSeconds);
    if (seconds > most) throw timeRefusal("a loop", node, seconds, most);
  }

  /** As `checkTime`, of values that do not depend on the picture. */
  checkConstantTime(node: Node, seconds: number): void {
    const most = this.#secondsUpTo(constantSeconds + this.#fillSeconds);
    if (seconds > most) throw timeRefusal("constants", node, seconds, most);
  }

  /** Throws `over-limit` for more nodes than can be opened. */
  checkNodes(count: number): void {
    const seconds = (count / nodesOfFirstSecond) ** 2;
    const most = this.#secondsUpTo(openingSeconds);
    if (seconds <= most) return;
    throw new LimpidError(
      "over-limit",
      say`limits: a network must be opened in ${timeText(most)}, got ${count} nodes, with which it takes some ${timeText(seconds)}. simplify it, or give ${option("time-limit", timeText(seconds))}.`,
    );
  }
}

function memoryRefusal(what: string, node: Node, bytes: number, most: number): LimpidError {
  return new LimpidError(
    "over-limit",
    say`limits: ${what} must take at most ${sizeText(most)} of memory, got ${node.operator} "${node.name}", with which it is ${sizeText(bytes)}. use smaller pictures, or give ${option("memory-limit", roomySizeText(bytes))}.`,
  );
}

function timeRefusal(what: string, node: Node, seconds: number, most: number): LimpidError {
  const isEndless = seconds > endlessSeconds;
  const got = isEndless ? "without an end" : `some ${timeText(seconds)}`;
  const advice = isEndless
    ? say`export the model with an end`
    : say`use smaller pictures, or give ${option("time-limit", timeText(seconds))}`;
  return new LimpidError(
    "over-limit",
    say`limits: ${what} must take at most ${timeText(most)}, got ${node.operator} "${node.name}", with which it is ${got}. ${advice}.`,
  );
}
