/** @file A network that learns digits in the page: what is known of its run, and what can be asked of it. */
import { useEffect, useState } from "preact/hooks";
import type {
  ChannelPast,
  ChannelRequest,
  EpochFacts,
  ExcitedMoment,
  TrainedMoment,
  TrainingTold,
} from "../../training-protocol.ts";
import { CallError, type Call } from "../computing/client.ts";
import type { Lacking } from "../computing/lacking.ts";
import type { Store } from "../computing/store.ts";
import { Turns } from "../computing/turns.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { nextExcited, type ExcitedMoments } from "./excited-moments.ts";

/** One more run goes so many epochs. */
const epochsPerRun = 8;

export interface TrainingState {
  readonly isRunning: boolean;
  /** Epochs done, with the share of the one under way. */
  readonly epoch: number;
  readonly epochs: number;
  /** One a step. */
  readonly losses: readonly number[];
  readonly done: readonly EpochFacts[];
  /** Epoch of each moment that is kept. */
  readonly moments: readonly number[];
  readonly shown: TrainedMoment | undefined;
  /** What excites the answers, at the moments for which it was made. */
  readonly excited: ExcitedMoments;
  readonly isExciting: boolean;
  /** Whose past is looked at. */
  readonly channel: ChannelRequest;
  /** Of that channel, or still of the one before. */
  readonly past: ChannelPast | undefined;
  readonly error: string | undefined;
  /** Of the page itself, where a part of it could not be fetched. */
  readonly lacking: Lacking | undefined;
}

const nothing: TrainingState = {
  isRunning: false,
  epoch: 0,
  epochs: epochsPerRun,
  losses: [],
  done: [],
  moments: [],
  shown: undefined,
  excited: new Map(),
  isExciting: false,
  channel: { of: "kernels", channel: 0 },
  past: undefined,
  error: undefined,
  lacking: undefined,
};

/** What was learned stays until the visitor starts anew, also where its window is closed. */
const kept = new WeakMap<Store, Training>();

export function trainingOf(store: Store): Training {
  const training = kept.get(store) ?? new Training(store);
  kept.set(store, training);
  return training;
}

export class Training {
  #state = nothing;
  readonly #store: Store;
  readonly #listeners = new Set<() => void>();
  #call: Call<null> | undefined;
  /** The worker that learned: what it learned is lost with it. */
  #life: number | undefined;
  #digit: Float32Array<ArrayBuffer> | undefined;
  /** A moment of the past that is looked at while training goes on. */
  #held: number | undefined;
  #exciting: Call<ExcitedMoment> | undefined;
  /** After a stop nothing is made that nobody asks for: what is looked at since. */
  #wanted: "all" | "shown" | "nothing" = "all";
  readonly #networks = new Turns();
  /** Whose answers are shown. */
  #network = this.#networks.begin();
  #digits = new OneAtATime();
  #pasts = new OneAtATime();

  constructor(store: Store) {
    this.#store = store;
  }

  get state(): TrainingState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether something is learned that can be looked at, and gone on with. */
  get isBegun(): boolean {
    return this.#life === this.#store.client.life && this.#state.moments.length > 0;
  }

  /** What was drawn last. */
  get digit(): Float32Array<ArrayBuffer> | undefined {
    return this.#digit;
  }

  /** Goes on from where it was stopped, or starts anew from a seed, as where nothing is left to go on with. */
  async run(seed: number, isAnew: boolean): Promise<void> {
    const isNew = isAnew || !this.isBegun;
    if (isNew) this.#forget({ isRunning: true });
    this.#life = this.#store.client.life;
    this.#wanted = "all";
    this.#set({ isRunning: true, error: undefined, lacking: undefined });
    this.#held = undefined;
    const asked = { epochs: epochsPerRun, seed, isNew };
    this.#call = this.#store.client.call("train", asked, (told) => {
      if (told.kind === "training") this.#hear(told);
    });
    try {
      await this.#call.answer;
    } catch (error) {
      const isStopped = error instanceof CallError && error.code === "aborted";
      if (!isStopped) this.#fail(error);
    } finally {
      this.#set({ isRunning: false });
    }
    void this.#askPast();
    await this.#excite();
  }

  stop(): void {
    this.#wanted = "nothing";
    this.#call?.stop();
    this.#exciting?.stop();
  }

  /** Looks at a kept moment; at the last it follows what is learned. */
  show(number: number): void {
    this.#held = number === this.#state.moments.length - 1 ? undefined : number;
    if (this.#wanted === "nothing") this.#wanted = "shown";
    void this.#showHeld();
  }

  async #showHeld(): Promise<void> {
    await this.#ask();
    await this.#excite();
  }

  /** A digit [28 * 28] in 0..1 that all moments are asked about from now on. */
  draw(digit: Float32Array<ArrayBuffer>): void {
    this.#digit = digit;
    void this.#drawn();
  }

  async #drawn(): Promise<void> {
    await this.#ask();
    if (this.#state.channel.of === "maps") await this.#askPast();
  }

  /** A channel whose past is shown from now on. */
  choose(channel: ChannelRequest): void {
    this.#set({ channel });
    void this.#askPast();
  }

  /** The network of the moment that is shown, as a file. */
  async file(): Promise<File | undefined> {
    const { shown } = this.#state;
    if (!shown) return undefined;
    const bytes = await this.#store.client.call("trainedModel", { moment: shown.number }).answer;
    return new File([bytes], `digits-epoch-${Number(shown.epoch.toFixed(2))}.onnx`);
  }

  #hear({ epoch, epochs, losses, done, moment }: TrainingTold): void {
    const { state } = this;
    const moments = [...state.moments];
    const excited = new Map(state.excited);
    if (moment) {
      // The last that is kept gives its place to the next once there are too many.
      if (moments[moment.number] !== moment.epoch) excited.delete(moment.number);
      moments[moment.number] = moment.epoch;
    }
    this.#set({
      epoch,
      epochs,
      losses: [...state.losses, ...losses],
      done: done ? [...state.done, done] : state.done,
      moments,
      excited,
      ...(moment && this.#held === undefined ? { shown: moment } : {}),
    });
    if (moment && Number.isInteger(moment.epoch)) void this.#askPast();
    if (done) void this.#excite();
  }

  /** One moment after the other, until nothing is left to make that is wanted. */
  async #excite(): Promise<void> {
    if (this.#exciting || this.#wanted === "nothing") return;
    const { moments, excited, shown, isRunning } = this.#state;
    const isShownOnly = this.#wanted === "shown";
    const known = { moments, excited, shown: shown?.number };
    const moment = nextExcited({ ...known, isRunning, isShownOnly });
    if (moment === undefined) return;
    const call = this.#store.client.call("excited", { moment });
    this.#exciting = call;
    this.#set({ isExciting: true });
    try {
      const made = await call.answer;
      if (this.#exciting !== call) return;
      this.#set({ excited: new Map([...this.#state.excited, [made.number, made]]) });
    } catch (error) {
      if (this.#exciting !== call) return;
      // What was asked for after a stop, while that was still on its way, is made.
      const isAborted = error instanceof CallError && error.code === "aborted";
      if (!isAborted) {
        this.#wanted = "nothing";
        this.#fail(error);
      }
    } finally {
      if (this.#exciting === call) {
        this.#exciting = undefined;
        this.#set({ isExciting: false });
      }
    }
    await this.#excite();
  }

  /** Another network takes the place of what was learned, and of what is still made of it. */
  #forget(change: Partial<TrainingState>): void {
    this.#exciting?.stop();
    this.#exciting = undefined;
    this.#network = this.#networks.begin();
    this.#digits = new OneAtATime();
    this.#pasts = new OneAtATime();
    const { channel } = this.#state;
    this.#set({ ...nothing, channel, ...change });
  }

  async #ask(): Promise<void> {
    const digit = this.#digit;
    if (!digit || this.#state.moments.length === 0) return;
    await this.#learn(this.#digits, async () => {
      const asked = { moment: this.#held, digit: Float32Array.from(digit) };
      return { shown: await this.#store.client.call("trained", asked).answer };
    });
  }

  async #askPast(): Promise<void> {
    if (this.#state.moments.length === 0) return;
    await this.#learn(this.#pasts, async () => ({
      past: await this.#store.client.call("trainedChannel", this.#state.channel).answer,
    }));
  }

  /** Asks of the network that is there; what comes of it once another has taken its place is none of that one. */
  async #learn(
    questions: OneAtATime,
    question: () => Promise<Partial<TrainingState>>,
  ): Promise<void> {
    const network = this.#network;
    try {
      await questions.ask(async () => {
        if (!network.isCurrent()) return;
        const found = await question();
        if (network.isCurrent()) this.#set(found);
      });
    } catch (error) {
      if (network.isCurrent()) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    // What was learned is lost with the worker.
    const lacking = error instanceof CallError ? error.lacking : undefined;
    if (lacking) {
      this.#set({ lacking });
      return;
    }
    const isLost = error instanceof CallError && error.code === "worker";
    const message = error instanceof Error ? error.message : String(error);
    if (isLost) this.#forget({ error: message });
    else this.#set({ error: message });
  }

  #set(change: Partial<TrainingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export function useTraining(training: Training): TrainingState {
  const [state, setState] = useState(training.state);
  useEffect(() => training.subscribe(() => setState(training.state)), [training]);
  return state;
}
