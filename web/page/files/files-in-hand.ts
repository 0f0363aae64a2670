/** @file Files that are dropped, in one go or several: sorted, opened, kept until their other parts come. */
import type { PathedFile, SortedFiles } from "../../files-protocol.ts";
import { isTable } from "../../judge-protocol.ts";
import type { ModelInHand, PictureInHand } from "../../protocol.ts";
import type { CallError } from "../computing/client.ts";
import type { Taken } from "./taken.ts";
import type { Hand } from "./hand.ts";
import { inHand } from "./handed.ts";
import type { Turn } from "../computing/turns.ts";

/** Files of one network. */
type Parts = Pick<SortedFiles, "parts" | "weights" | "beside">;

const nothing: Parts = { parts: [], weights: [], beside: [] };

/** More are nobody's to look at one by one. */
const mostLookedAt = 1000;

/** What can be tried, the likeliest first. */
interface Try {
  readonly of: Parts;
  readonly hand: ModelInHand;
}

/** Resolves once all of it is there, or something else took its place; undefined where there is nothing to show. */
interface Shown {
  readonly shown?: Promise<void> | undefined;
}

export class FilesInHand {
  readonly #hand: Hand;
  #waiting = nothing;
  #drops: Promise<unknown> = Promise.resolve();

  constructor(hand: Hand) {
    this.#hand = hand;
  }

  /**
   * Pictures are looked at; everything else is of a network. One drop after the other, in their order; the next does not
   * wait for the maps of the one before, but takes their place. Resolves once its own are there.
   */
  async take(files: Promise<readonly PathedFile[]>): Promise<void> {
    const drop = this.#drops.then(async () => {
      try {
        return await this.#take(await files);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        // The system's word on a file that cannot be read, or is gone.
        this.#hand.store.set({ error: error.message });
        return {};
      }
    });
    // What goes wrong with one is told by it, and the next is another.
    this.#drops = drop.catch(() => undefined);
    const { shown } = await drop;
    await shown;
  }

  async #take(files: readonly PathedFile[]): Promise<Shown> {
    const { store } = this.#hand;
    const turn = this.#hand.begin();
    const before = store.state.dropped.filter(({ name }) => !isTable(name));
    const sorted = await store.ask("sort", { files, before: before.map(({ name }) => name) });
    if (!sorted || !turn.isCurrent()) return {};
    const { of, leftOut } = ofNetwork(sorted);
    const { pictures, truth } = sorted;
    const [first] = pictures;
    store.set({ leftOut, taken: takenOf(sorted, of) });
    if (first)
      store.set({ photos: pictures.slice(0, mostLookedAt).map(({ data }) => inHand(data)) });
    if (first || truth.length > 0)
      store.set({ dropped: [...(first ? pictures : before), ...truth] });
    const picture: PictureInHand | undefined = first && { kind: "file", file: first.data };
    const { shown } = count(of) > 0 ? await this.#open(of, picture, turn) : {};
    if (shown || !turn.isCurrent()) return { shown };
    if (picture) return { shown: this.#hand.look(picture, turn) };
    return count(of) > 0 ? { shown: this.#hand.stay(turn) } : {};
  }

  /** Files that wait for others. */
  forget(): void {
    this.#waiting = nothing;
  }

  /** What is shown of the network that came of it; what did not is kept, and the state says what it waits for. */
  async #open(of: Parts, picture: PictureInHand | undefined, turn: Turn): Promise<Shown> {
    const together = joined(this.#waiting, of);
    const { waiting } = this.#hand.store.state;
    const isAwaited = waiting !== undefined && waiting.missing.length > 0;
    let kept: { readonly of: Parts; readonly failure: CallError } | undefined;
    for (const each of tries(this.#waiting, of, this.#hand.model)) {
      const { shown, failure } = await this.#hand.tryModel(each.hand, picture, turn);
      if (shown) {
        this.#waiting = nothing;
        this.#hand.store.set({ waiting: undefined });
        this.#leaveOut(each);
        return { shown };
      }
      // Nothing is known of files for which a part of the page is missing.
      if (failure?.lacking && turn.isCurrent()) this.#hand.store.tell(failure);
      if (!failure || failure.lacking || !turn.isCurrent()) return {};
      // Of two that cannot be opened, the one that lacks a part is nearer to it.
      const isNearer = failure.missing.length > 0 && !kept?.failure.missing.length;
      if (!kept || isNearer) kept = { of: each.of, failure };
      // What came to files that name no other part of theirs is told of by itself, and all are kept.
      else if (!isAwaited && kept.failure.missing.length === 0) kept = { of: kept.of, failure };
    }
    this.#waiting = kept?.of ?? together;
    this.#hand.store.set({
      waiting: {
        names: all(this.#waiting).map(({ name }) => name),
        missing: kept?.failure.missing ?? [],
        reason: kept?.failure.message ?? "",
      },
    });
    return {};
  }

  /** A list that came with a network and does not fit its classes. */
  #leaveOut({ of, hand }: Try): void {
    const list = of.parts.length > 0 ? listIn(of.beside) : undefined;
    if (!list || hand.names === list) return;
    const { store } = this.#hand;
    const { leftOut, taken } = store.state;
    const asNames = taken.asNames.filter((name) => name !== list.name);
    store.set({ leftOut: [...leftOut, list.name], taken: { ...taken, asNames } });
  }
}

/** What is to be said of what files were taken for; tables that are left out are no names. */
function takenOf({ pictures, packed, truth, asNames }: SortedFiles, of: Parts): Taken {
  return {
    truth: truth.map(({ name }) => name),
    asNames: asNames.filter((file) => of.beside.includes(file)).map(({ name }) => name),
    packed,
    pictures: pictures.length,
    lookedAt: Math.min(pictures.length, mostLookedAt),
  };
}

/** Photos may have a text each beside them, which is nothing of a network. */
function ofNetwork({ pictures, parts, weights, beside, others }: SortedFiles): {
  readonly of: Parts;
  readonly leftOut: readonly string[];
} {
  const isOfPhotos = pictures.length > 0 && parts.length + weights.length === 0;
  const isLeftOut = isOfPhotos && beside.length > 1;
  const rest = weights.slice(1).map(({ name }) => name);
  return {
    of: { parts, weights: weights.slice(0, 1), beside: isLeftOut ? [] : beside },
    leftOut: [...others, ...rest, ...(isLeftOut ? beside.map(({ name }) => name) : [])],
  };
}

/** What waits and what came as one network, else what came alone; without a network of their own they are of the open one. */
function tries(waiting: Parts, came: Parts, open: ModelInHand): readonly Try[] {
  const together = joined(waiting, came);
  const found = triesOf(together);
  if (came.parts.length === 0) found.push({ of: together, hand: besideOpen(open, came) });
  else if (count(waiting) > 0) found.push(...triesOf(came));
  return found;
}

/** What a network says of itself goes before what lies beside it, but not before names that are handed over with it. */
function triesOf(of: Parts): Try[] {
  if (of.parts.length === 0) return [];
  const names = listIn(of.beside);
  const whole = { of, hand: handOf(of) };
  return names ? [{ of, hand: { ...handOf({ ...of, beside: [] }), names } }, whole] : [whole];
}

function handOf({ parts, beside, weights: [weights] }: Parts): ModelInHand {
  return { kind: "files", files: [...parts, ...beside], ...(weights ? { weights } : {}) };
}

/** A list of names is told to be the open network's; several files say it as they do in its folder. */
function besideOpen(open: ModelInHand, { beside, weights: [weights] }: Parts): ModelInHand {
  const given = { ...open, ...(weights ? { weights } : {}) };
  const names = listIn(beside) ?? (given.kind === "files" ? undefined : beside[0]);
  if (names) return { ...given, names };
  return given.kind === "files" ? { ...given, files: [...given.files, ...beside] } : given;
}

/** A list of names that nothing else lies beside; what tells of a network in other ways is none. */
function listIn([file, ...others]: Parts["beside"]): PathedFile | undefined {
  return file && others.length === 0 && !/config\.json$|(^|\/)metadata\.json$/i.test(file.name)
    ? file
    : undefined;
}

function joined(a: Parts, b: Parts): Parts {
  return {
    parts: latest([...a.parts, ...b.parts]),
    weights: latest([...a.weights, ...b.weights]).slice(-1),
    beside: latest([...a.beside, ...b.beside]),
  };
}

/** Of files with one path the last. */
function latest(files: readonly PathedFile[]): readonly PathedFile[] {
  return [...new Map(files.map((file) => [file.name, file])).values()];
}

function all({ parts, weights, beside }: Parts): readonly PathedFile[] {
  return [...parts, ...weights, ...beside];
}

function count(parts: Parts): number {
  return all(parts).length;
}
