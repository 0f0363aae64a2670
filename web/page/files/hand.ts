/** @file What is open and looked at, and how something else takes its place. */
import type {
  ModelInHand,
  OpenedModel,
  PictureInHand,
  SeenPicture,
  ShownMap,
} from "../../protocol.ts";
import {
  addressed,
  addressedModel,
  drawnIn,
  firstView,
  isSaid,
  ofAnyNetwork,
  viewOf,
} from "../address.ts";
import type { LiveCamera } from "../camera/live-camera.ts";
import type { SecondModel } from "../compare/second-model.ts";
import type { CallError, Lost } from "../computing/client.ts";
import type { Deaths } from "../computing/deaths.ts";
import { learnMethods } from "../computing/known-methods.ts";
import { nextTask } from "../computing/next-task.ts";
import type { Processor } from "../computing/processor.ts";
import type { Attempt, Store } from "../computing/store.ts";
import { byDeath } from "../computing/trouble.ts";
import { prepareAsShown } from "../picture/preparation-choice.ts";
import { handedOver, photoAt } from "./handed.ts";
import { absentOf, isShipped, ofSharedModel, sharedIn, shownAtFirst } from "./shared-view.ts";
import { Turns, type Turn } from "../computing/turns.ts";
import { formlessIn, leaveOutUnknown } from "../unknown-parts.ts";

/** A network that was tried: why it is not open, or the picture that is looked at in it; neither where it was stopped. */
export interface TriedModel {
  readonly failure?: CallError;
  /** Resolves once its map and channels are there, or something else took its place. */
  readonly shown?: Promise<void>;
}

/** What is known of a picture once it is explained. */
const unknownYet = { map: undefined, channels: undefined, hidden: undefined };

const firstModel: ModelInHand = { kind: "shipped", name: firstView.model };

/** What follows what is open, and what shows it. */
interface Followers {
  readonly store: Store;
  readonly processor: Processor;
  readonly second: SecondModel;
  readonly camera: LiveCamera;
  readonly deaths: Deaths;
  /** The map of what is open, as it would be asked for now. */
  map(): Promise<ShownMap | undefined>;
  /** Map and channels of what is looked at, as long as it is its turn. */
  showAll(turn: Turn): Promise<void>;
}

export class Hand {
  readonly store: Store;
  readonly #with: Followers;
  readonly #turns = new Turns();
  /** What was asked for, the last of it last, which is opened as soon as the worker comes to it; what cannot be is taken out. */
  #models: readonly ModelInHand[] = [];
  #pictureInHand: PictureInHand = { kind: "drawn", number: 1 };
  /** What the worker has open. */
  #inWorker: ModelInHand | undefined;
  /** What is open and seen, which stays so where something else cannot be opened. */
  #opened: { readonly model: ModelInHand; readonly picture: PictureInHand } | undefined;
  /** How many networks the worker is told to open: behind each the picture is looked at anew, and all else follows. */
  #opening = 0;

  constructor(followers: Followers) {
    this.#with = followers;
    this.store = followers.store;
  }

  get isOpening(): boolean {
    return this.#opening > 0;
  }

  /** Opens what the address names, as far as the page has it. */
  async start(hash: string): Promise<void> {
    const turn = this.begin();
    const asked = viewOf(hash);
    const view = shownAtFirst(asked, firstView);
    this.store.set({ view, shared: sharedIn(asked) });
    this.#models = [{ kind: "shipped", name: view.model }];
    this.store.set({ unknown: formlessIn(hash) });
    const drawn = drawnIn(view.picture);
    if (drawn !== undefined) this.#pictureInHand = { kind: "drawn", number: drawn };
    try {
      await this.#takeHanded(hash);
    } catch (error) {
      this.store.set({ error: error instanceof Error ? error.message : String(error) });
    }
    if (turn.isCurrent()) await this.#reopen(turn);
  }

  /** What the visitor opens or looks at from now on; what befell the page before is told no more. */
  begin(): Turn {
    this.store.set({ trouble: undefined });
    return this.#takeTurn();
  }

  /** What comes from now on takes the place of all that is under way, which changes nothing any more. */
  #takeTurn(): Turn {
    this.#with.camera.leave();
    this.store.client.stopAll();
    return this.#turns.begin();
  }

  /** What is open stays where the network cannot be opened, which is told in the error. */
  async openModel(inHand: ModelInHand, turn = this.begin()): Promise<void> {
    // One that is had by name may be what a shared address waits for.
    if (!inHand.known?.name) this.store.set({ shared: undefined });
    const { failure, shown } = await this.tryModel(inHand, undefined, turn);
    await shown;
    if (!failure || !turn.isCurrent()) return;
    this.store.tell(failure);
    await this.stay(turn);
  }

  /** As `openModel`, with a picture to look at, in a turn that is under way; what was in hand before stays so where it fails. */
  async tryModel(
    inHand: ModelInHand,
    picture: PictureInHand | undefined,
    turn: Turn,
  ): Promise<TriedModel> {
    this.#models = [...this.#models, inHand];
    const { answer: model, failure } = await this.#attemptOpen(inHand);
    if (!model) {
      if (failure || turn.isCurrent()) this.#letGoOf(inHand);
      return failure ? { failure } : {};
    }
    const isOther = inHand.kind === "shipped" && this.#pictureInHand.kind !== "file";
    if (isOther && turn.isCurrent()) this.#pictureInHand = { kind: "drawn", number: 1 };
    if (picture && turn.isCurrent()) this.#pictureInHand = picture;
    this.#with.deaths.forget();
    this.store.show(ofAnyNetwork);
    this.store.set({ unknown: [] });
    return { shown: this.#show(inHand, model, turn) };
  }

  async #attemptOpen(inHand: ModelInHand): Promise<Attempt<OpenedModel>> {
    this.#opening += 1;
    try {
      const [tried] = await Promise.all([
        this.store.attempt("open", inHand),
        this.#namesMethod() ? learnMethods(this.store) : undefined,
      ]);
      return tried;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Whether the address says a method, which may be none. */
  #namesMethod(): boolean {
    const { view, shared } = this.store.state;
    return (shared ?? view).method !== undefined;
  }

  /** What is open, whatever is asked for by now. */
  get open(): ModelInHand | undefined {
    return this.#inWorker;
  }

  get model(): ModelInHand {
    return this.#models.at(-1) ?? this.#inWorker ?? firstModel;
  }

  #letGoOf(inHand: ModelInHand): void {
    this.#models = this.#models.filter((model) => model !== inHand);
  }

  async look(inHand: PictureInHand, turn = this.begin()): Promise<void> {
    this.store.show({ target: "top", region: undefined });
    await this.keep(inHand, turn);
  }

  /** Looks at a picture of what is looked at already, and goes on explaining the same. */
  async keep(inHand: PictureInHand, turn = this.begin()): Promise<void> {
    this.#pictureInHand = inHand;
    await this.stay(turn);
  }

  /** The worker looks at one frame after the other from now on: what is known of the picture before is not of these. */
  watch(name: string): void {
    this.#opened = undefined;
    this.store.show({ picture: name, pictureName: undefined, target: "top", region: undefined });
    this.store.set({ picture: undefined, tool: undefined, ...unknownYet, summaries: new Map() });
  }

  get picture(): PictureInHand {
    return this.#pictureInHand;
  }

  /** The picture changed: it and its map come together, so that what is shown is one. */
  async lookAnew(inHand: PictureInHand): Promise<SeenPicture | undefined> {
    const turn = this.#turns.begin();
    const picture = await this.store.ask("look", inHand);
    if (!picture || !turn.isCurrent()) return undefined;
    this.#pictureInHand = inHand;
    this.#opened = { model: this.#inWorker ?? this.model, picture: inHand };
    const map = await this.#with.map();
    if (!turn.isCurrent()) return undefined;
    this.store.show(addressed(inHand, picture));
    this.store.set({ picture, map, channels: undefined, hidden: undefined, summaries: new Map() });
    return picture;
  }

  /** What a command line put into the page's hand is there unless the address says another of the page's own. */
  async #takeHanded(hash: string): Promise<void> {
    const { photos, hasModel, ...handed } = handedOver();
    const { model: _, picture: __, ...others } = firstView;
    const unsaid = { ...(hasModel ? {} : { model: firstView.model }), ...others };
    this.store.unsaid = photos[0] ? unsaid : { ...unsaid, picture: firstView.picture };
    this.store.set({ photos });
    const { model, picture, pictureName } = viewOf(hash);
    const isOther = isSaid(hash, "model") && isShipped(model);
    const own = isOther ? undefined : await handed.model();
    if (own) this.#models = [own];
    if (isSaid(hash, "picture") && drawnIn(picture) !== undefined) return;
    const file = (await photoAt(photos, picture, pictureName)) ?? (await photos[0]?.load());
    if (file) this.#pictureInHand = { kind: "file", file };
  }

  /** All as it was, but for what the worker died of; what it dies of twice is let go. Whether nothing was. */
  async restore({ death, call }: Lost): Promise<boolean> {
    this.store.set({ trouble: byDeath[death] });
    this.#with.processor.forget();
    if (this.#opened) {
      this.#models = [this.#opened.model];
      this.#pictureInHand = this.#opened.picture;
      this.#opened = undefined;
    }
    this.#inWorker = undefined;
    if (death === "card" || call === "processor") this.#with.processor.lose();
    const act = this.#with.deaths.add(call);
    if (act === "give up") {
      this.store.set({ trouble: { kind: "notStarted" } });
      return false;
    }
    if (act === "let go") this.#letGo();
    const { client } = this.store;
    const { life } = client;
    await this.#reopen(this.#takeTurn());
    await (act === "restore" ? this.#with.second.reopen() : this.#with.second.close());
    if (life === client.life) this.#with.deaths.end();
    return act === "restore" && life === client.life;
  }

  #letGo(): void {
    this.#models = [];
    this.#pictureInHand = { kind: "drawn", number: 1 };
    this.#with.deaths.forget();
    this.store.show(firstView);
    this.store.set({ trouble: { kind: "gaveUp" } });
  }

  async #reopen(turn: Turn): Promise<void> {
    const inHand = this.model;
    const { answer: model, failure } = await this.#attemptOpen(inHand);
    // What is looked at is of the network that was open before, if there was one.
    if (model && this.#inWorker) this.store.show(ofAnyNetwork);
    if (model) await this.#show(inHand, model, turn);
    if (model || !failure || !turn.isCurrent()) return;
    this.#letGoOf(inHand);
    if (this.model !== inHand) await this.stay(turn);
    // What is opened in its place may not hide why.
    if (turn.isCurrent()) this.store.tell(failure);
  }

  /** What the worker opened is open, whoever's turn it is by then. */
  async #show(inHand: ModelInHand, model: OpenedModel, turn: Turn): Promise<void> {
    // Hundreds of layers are drawn while the worker looks at the picture.
    void this.store.drawnTogether(nextTask);
    this.#with.second.offer(this.#inWorker ?? inHand, model);
    this.#inWorker = inHand;
    this.#models = this.#models.slice(Math.max(this.#models.indexOf(inHand), 0));
    this.#opened = undefined;
    this.store.set({ channels: undefined, unit: undefined, map: undefined, summaries: new Map() });
    this.store.show(addressedModel(inHand, model));
    this.store.set({ model, picture: undefined });
    this.store.show(ofSharedModel(this.store.state.shared, this.store.state));
    leaveOutUnknown(this.store);
    this.#with.processor.forget();
    await prepareAsShown(this.store);
    if (turn.isCurrent()) await this.#lookAgain(turn);
  }

  /** With what is in hand still, after something else was stopped or could not be opened; what that cut off is asked again. */
  async stay(turn: Turn): Promise<void> {
    if (this.#inWorker !== this.model) await this.#reopen(turn);
    else if (this.#opened?.picture === this.#pictureInHand) await this.#with.showAll(turn);
    else await this.#lookAgain(turn);
  }

  async #lookAgain(turn: Turn): Promise<void> {
    this.store.set({ tool: undefined });
    this.store.set({ ...unknownYet, summaries: new Map() });
    const hand = this.#pictureInHand;
    const picture = await this.store.ask("look", hand);
    if (picture) {
      this.#opened = { model: this.#inWorker ?? this.model, picture: hand };
      this.store.show(addressed(hand, picture));
      this.store.set({ picture });
      this.#reach();
    }
    if (!turn.isCurrent()) return;
    if (!picture && this.#opened) this.#pictureInHand = this.#opened.picture;
    if (this.#opened) await this.#with.showAll(turn);
  }

  /** Once all of it is there, the page is where a shared address leads. */
  #reach(): void {
    const { shared } = this.store.state;
    if (!shared || absentOf(shared, this.store.state)) return;
    this.store.set({ shared: undefined });
    this.store.show({ target: shared.target, region: shared.region });
    leaveOutUnknown(this.store);
  }
}
