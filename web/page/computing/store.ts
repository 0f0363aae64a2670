/** @file What the page knows: one state, whose every change is drawn, and calls that tell it what is under way. */
import type { UnknownPart } from "../unknown-parts.ts";
import { nothingTaken, type Taken } from "../files/taken.ts";
import type { PathedFile } from "../../files-protocol.ts";
import type {
  CallName,
  Calls,
  ClassAnswer,
  HiddenAnswers,
  LayerSummary,
  MethodFacts,
  OpenedModel,
  PaintedMaps,
  Pixels,
  SeenPicture,
  ShownChannels,
  ShownDetails,
  ShownMap,
  ShownUnit,
  Side,
  Told,
} from "../../protocol.ts";
import type { ShownTrust } from "../../trust-protocol.ts";
import type { ProcessorFacts } from "../../processor-protocol.ts";
import { addressOf, firstView, type UnsaidView, type View } from "../address.ts";
import { withoutForeign } from "./belonging.ts";
import { CallError, Client, type Call, type Lost } from "./client.ts";
import { Drawing } from "./drawing.ts";
import type { PhotoInHand } from "../files/handed.ts";
import { isSameLacking, lackingOf, type Lacking } from "./lacking.ts";
import { troubleOf, type Trouble } from "./trouble.ts";

/** Work that is under way. */
export interface Work {
  readonly name: CallName;
  readonly share: number;
  readonly secondsLeft: number | undefined;
}

/** A channel of a layer. */
export interface ChannelPlace {
  readonly layer: string;
  readonly channel: number;
}

/** A unit's picture on its way, or done. */
interface UnitShown {
  readonly of: ChannelPlace & Pick<OpenedModel, "digest">;
  readonly frame: Pixels | undefined;
  readonly step: number;
  readonly steps: number;
  readonly done: ShownUnit | undefined;
}

/** A channel's numbers over a picture, and its weights. */
interface ChannelDetails extends ShownDetails {
  readonly of: ChannelPlace & Pick<State, "picture">;
}

/** A map with the picture that it is of. */
interface PinnedMap {
  readonly title: string;
  readonly picture: SeenPicture;
  readonly map: ShownMap;
}

/** What came of a call. */
export interface Attempt<Answer> {
  readonly answer?: Answer;
  readonly failure?: CallError;
  /** Where there is neither: it was stopped, a trouble of the page ended it, or code is missing that nobody waits for. */
  readonly ended?: "stopped" | "trouble" | "missing code";
}

/** Files of a network that wait for others. */
interface WaitingFiles {
  readonly names: readonly string[];
  /** What the network names and nobody handed over; empty where it is not known. */
  readonly missing: readonly string[];
  readonly reason: string;
}

/** What a second network makes of the same. */
export interface SecondShown {
  readonly model: OpenedModel;
  readonly picture: SeenPicture | undefined;
  readonly map: ShownMap | undefined;
  /** What of the first's map it has not: then its map explains its own answer, or lies on a layer of its own. */
  readonly lacking: readonly ("target" | "layer")[];
  /** Both maps in one scale, where they are of the same and have one unit. */
  readonly painted: PaintedMaps | undefined;
  /** The second map less the first, where both are of the same and have the same places and unit. */
  readonly difference: PaintedMaps | undefined;
  /** Of the layer that is looked at, where it has one of that name. */
  readonly channels: ShownChannels | undefined;
  /** The answers to all classes of the first and of the second. */
  readonly all: readonly [readonly ClassAnswer[], readonly ClassAnswer[]] | undefined;
}

/** Hides parts of the picture, or names the part that is explained: by a box, or painted. */
export type Tool = "hide" | "box" | "paint";

export interface State {
  readonly view: View;
  readonly model: OpenedModel | undefined;
  readonly picture: SeenPicture | undefined;
  readonly map: ShownMap | undefined;
  readonly channels: ShownChannels | undefined;
  /** All methods; before they are known, none. */
  readonly methods: readonly MethodFacts[];
  readonly summaries: ReadonlyMap<string, LayerSummary>;
  /** Of the chosen channel, as `details`; what is of another is let go. */
  readonly unit: UnitShown | undefined;
  readonly details: ChannelDetails | undefined;
  readonly work: Work | undefined;
  readonly error: string | undefined;
  /** What befell the page, until it is dismissed or something is opened or looked at. */
  readonly trouble: Trouble | undefined;
  /** Where it computes; undefined before that is known. */
  readonly processor: ProcessorFacts | undefined;
  /** Maps that are compared, the oldest first. */
  readonly pinned: readonly PinnedMap[];
  /** Their colours, in one scale where they have one unit. */
  readonly painted: PaintedMaps | undefined;
  /** What the network answers while parts are hidden: of all classes or numbers, or of each box of `picture.answers`. */
  readonly hidden: HiddenAnswers | undefined;
  /** Pictures that can be looked at. */
  readonly photos: readonly PhotoInHand[];
  /** Pictures of the last drop that holds some, with their folders, and the tables that tell their classes. */
  readonly dropped: readonly PathedFile[];
  readonly waiting: WaitingFiles | undefined;
  /** What the address shows that the page was opened with, until all of it is there or it is forgotten. */
  readonly shared: View | undefined;
  readonly taken: Taken;
  /** What the view named, mostly by an address, and the network does not have. */
  readonly unknown: readonly UnknownPart[];
  /** Dropped files that are nothing that is read. */
  readonly leftOut: readonly string[];
  /** A network that is compared with the one that is open. */
  readonly second: SecondShown | undefined;
  /** The name of the visitor's network whose place the open one took, which may be compared with it. */
  readonly former: string | undefined;
  /** What the picture is touched with. */
  readonly tool: Tool | undefined;
  /** How far to believe a map, which may be shown no more. */
  readonly trust: { readonly map: ShownMap; readonly shown: ShownTrust } | undefined;
}

/** What somebody waits for, takes seconds on the processor, and does not come back with the picture. */
const askedAgain: ReadonlySet<CallName> = new Set(["maximize", "patches", "steps", "download"]);

export class Store {
  #state: State = {
    view: firstView,
    model: undefined,
    picture: undefined,
    map: undefined,
    channels: undefined,
    methods: [],
    summaries: new Map(),
    unit: undefined,
    details: undefined,
    work: { name: "open", share: 0, secondsLeft: undefined },
    error: undefined,
    trouble: undefined,
    processor: undefined,
    photos: [],
    dropped: [],
    taken: nothingTaken,
    unknown: [],
    waiting: undefined,
    shared: undefined,
    leftOut: [],
    pinned: [],
    painted: undefined,
    hidden: undefined,
    second: undefined,
    former: undefined,
    tool: undefined,
    trust: undefined,
  };
  /** Calls that `work` tells of; what panes ask the worker themselves they tell themselves. */
  #underWay = 0;
  /** The call whose failure `error` tells. */
  #failed: CallName | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #workListeners = new Set<() => void>();
  readonly #drawing = new Drawing(() => this.#tellAll());
  #isAddressOld = false;
  /** Whether all is as it was, once it is, after another worker took the place of one. */
  #restored: Promise<boolean> = Promise.resolve(true);
  readonly client: Client;
  /** What an address without a word means. */
  unsaid: UnsaidView = firstView;

  /** `onRestart`: another worker took the place of one; no network is open in it. Tells whether all is as it was. */
  constructor(onRestart: (lost: Lost) => Promise<boolean>) {
    this.client = new Client((lost) => {
      this.#restored = onRestart(lost);
    });
  }

  get state(): State {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told of work that begins, goes on or ends, of which the others hear as of all: with what it brings. */
  subscribeToWork(listener: () => void): () => void {
    this.#workListeners.add(listener);
    return () => this.#workListeners.delete(listener);
  }

  /** What changes in the beginning of something short and with its end is drawn once. */
  drawnTogether(work: () => Promise<void>): Promise<void> {
    return this.#drawing.together(work);
  }

  /** Undefined where it was stopped or failed, which the state tells. */
  async ask<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
    hold: (call: Call<Calls[Name]["answer"]>) => void = () => undefined,
    watch: (told: Told) => void = () => undefined,
    side: Side = "first",
  ): Promise<Calls[Name]["answer"] | undefined> {
    const { answer, failure } = await this.attempt(name, asked, hold, watch, side);
    if (failure) this.tell(failure, name);
    return answer;
  }

  /** Says what went wrong, in the page's own words where it has some; of a call until the same succeeds. */
  tell(failure: CallError, name?: CallName): void {
    if (failure.lacking) {
      this.lack(failure.lacking);
      return;
    }
    if (name) this.#failed = name;
    this.set({ error: failure.message });
  }

  /** A part of the page itself could not be fetched. */
  lack(lacking: Lacking): void {
    this.set({ trouble: { kind: "missingCode", lacking } });
  }

  /** It could now. */
  hasNow(lacking: Lacking | undefined): void {
    const { trouble } = this.#state;
    if (!lacking || trouble?.kind !== "missingCode") return;
    if (isSameLacking(trouble.lacking, lacking)) this.set({ trouble: undefined });
  }

  /** The answer, or why there is none. */
  async attempt<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
    hold: (call: Call<Calls[Name]["answer"]>) => void = () => undefined,
    watch: (told: Told) => void = () => undefined,
    side: Side = "first",
  ): Promise<Attempt<Calls[Name]["answer"]>> {
    this.#underWay += 1;
    this.set({ work: { name, share: 0, secondsLeft: undefined } });
    const tell = (told: Told) => {
      watch(told);
      if (told.kind !== "progress") return;
      this.set({ work: { name, share: told.share, secondsLeft: told.secondsLeft } });
    };
    const call = this.client.call(name, asked, tell, side);
    hold(call);
    try {
      const answer = await call.answer;
      this.#forgive(name);
      this.hasNow(lackingOf(name, asked));
      return { answer };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.lacking) return { failure: error };
      if (error.code === "code") return { ended: "missing code" };
      if (error.code === "aborted") return { ended: "stopped" };
      const trouble = troubleOf(error);
      if (trouble) this.set({ trouble });
      const isAgain = error.code === "card" && askedAgain.has(name) && (await this.#isBack());
      if (isAgain) return await this.attempt(name, asked, hold, watch, side);
      const isTrouble = trouble !== undefined || ["worker", "card"].includes(error.code);
      return isTrouble ? { ended: "trouble" } : { failure: error };
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.set({ work: undefined });
    }
  }

  /** Whether what a lost card took along can be asked again, of the same network. */
  async #isBack(): Promise<boolean> {
    const before = this.#state.model?.digest;
    return (await this.#restored) && this.#state.model?.digest === before;
  }

  /** What went wrong is said until the same succeeds, or something else is opened. */
  #forgive(name: CallName): void {
    if (name === this.#failed || name === "open") this.set({ error: undefined });
  }

  show(change: Partial<View>): void {
    const view = { ...this.#state.view, ...change };
    // What an address shows that waits for files is not lost where the page is loaded again.
    if (!this.#state.shared) this.#isAddressOld = true;
    this.set({ view });
  }

  /** Takes what there is not out of the view, and keeps it to be told. */
  leaveOut(change: Partial<View>, parts: readonly UnknownPart[]): void {
    if (parts.length === 0) return;
    this.show(change);
    this.set({ unknown: [...this.#state.unknown, ...parts] });
  }

  set(change: Partial<State>): void {
    const { work } = this.#state;
    this.#state = withoutForeign({ ...this.#state, ...change });
    if (this.#state.work !== work) for (const listener of this.#workListeners) listener();
    const isProgress = "work" in change && Object.keys(change).length === 1;
    if (isProgress && change.work?.name === work?.name) return;
    this.#drawing.changed();
  }

  #tellAll(): void {
    for (const listener of this.#listeners) listener();
    if (!this.#isAddressOld) return;
    this.#isAddressOld = false;
    // Behind what listeners draw, which may not wait for the browser's own notes of where it is.
    queueMicrotask(() => this.#noteAddress());
  }

  #noteAddress(): void {
    const address = addressOf(this.#state.view, this.unsaid);
    // Others write it too: who types another, or goes back.
    if (`#${address}` === location.hash || address + location.hash === "") return;
    history.replaceState(null, "", address === "" ? location.pathname : `#${address}`);
  }
}
