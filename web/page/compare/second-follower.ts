/** @file Asks a second network what the first shows: one picture, one map, one layer after the other. */
import type {
  CallName,
  Calls,
  ClassAnswer,
  ExplainRequest,
  HiddenAnswers,
  OpenedModel,
  PictureInHand,
  ShownMap,
} from "../../protocol.ts";
import type { Call } from "../computing/client.ts";
import type { SecondShown, State, Store } from "../computing/store.ts";
import { takesRegion } from "../shown-choice.ts";
import { targetOfSecond } from "./same-target.ts";

/** Of a compared map, in pixels. */
const side = 224;

/** What the worker says of a target that the network does not have. */
const notThere: ReadonlySet<string> = new Set(["bad-option", "unknown-layer"]);

export type SecondStore = Pick<
  Store,
  "state" | "set" | "ask" | "attempt" | "tell" | "lack" | "hasNow"
>;

/** What changes of the first is followed. */
type Followed = Partial<Pick<State, "picture" | "map" | "channels">>;

/** What a map needs that is the second's own. */
type Lacking = SecondShown["lacking"];

export class SecondFollower {
  readonly #store: SecondStore;
  readonly #pictureInHand: () => PictureInHand;
  readonly #model: OpenedModel;
  #mapCall: Call<unknown> | undefined;
  /** What of the first was followed last. */
  #followed: Followed = {};
  /** Ends when nothing is left to follow. */
  #following: Promise<void> | undefined;

  constructor(store: SecondStore, pictureInHand: () => PictureInHand, model: OpenedModel) {
    this.#store = store;
    this.#pictureInHand = pictureInHand;
    this.#model = model;
  }

  /**
   * Asks again for what changed of the first, one after the other: the map of a picture needs the second to have looked at
   * it. What the first leaves meanwhile is not waited for.
   */
  follow(): Promise<void> {
    const { picture, map } = this.#store.state;
    const last = this.#followed;
    if (last.picture !== picture || last.map !== map) this.#mapCall?.stop();
    this.#following ??= this.#followAll().finally(() => (this.#following = undefined));
    return this.#following;
  }

  /** Another takes its place, or none. Resolves once it asks nothing any more. */
  async end(): Promise<void> {
    this.#mapCall?.stop();
    await this.#following;
  }

  async #followAll(): Promise<void> {
    for (;;) {
      const { picture, map, channels } = this.#store.state;
      const last = this.#followed;
      const isSame = last.picture === picture && last.map === map && last.channels === channels;
      if (!this.#shown || !picture || isSame) return;
      this.#followed = { picture, map, channels };
      await this.#followOnce(last);
    }
  }

  async #followOnce(last: Followed): Promise<void> {
    const { picture, map, channels } = this.#followed;
    const isOther = last.picture !== picture;
    if (isOther) await this.#look();
    if (map && (isOther || last.map !== map)) await this.#explain(map);
    if (channels && (isOther || last.channels !== channels)) {
      await this.#showChannels(channels.layer);
    }
  }

  async #look(): Promise<void> {
    this.#change({ picture: undefined, map: undefined, all: undefined, channels: undefined });
    const shown = await this.#pictureOfBoth();
    const picture = shown && (await this.#ask("look", shown));
    if (!picture) return;
    this.#change({ picture });
    const { picture: own } = this.#store.state;
    if (!areClasses(picture) || !own || !areClasses(own)) return;
    // Nothing is hidden: what both say of all classes.
    const nothing = { width: 1, height: 1 };
    const first = await this.#store.ask("hide", { ...nothing, inside: new Uint8Array(1) });
    const all = await this.#ask("hide", { ...nothing, inside: new Uint8Array(1) });
    if (first && all) this.#change({ all: [answered(first), answered(all)] });
  }

  /** What the page draws is drawn for the first: the second would draw another of its own. */
  async #pictureOfBoth(): Promise<PictureInHand | undefined> {
    const inHand = this.#pictureInHand();
    const { picture } = this.#store.state;
    if (inHand.kind !== "drawn" || !picture) return inHand;
    const pixels = await this.#store.ask("whole", null);
    return pixels && { kind: "pixels", name: picture.name, pixels };
  }

  async #explain(first: ShownMap): Promise<void> {
    const { model, picture } = this.#store.state;
    const second = this.#shown;
    if (!second?.picture || !model || !picture) return;
    const asked = targetOfSecond(first, { model, picture }, { ...second, picture: second.picture });
    const layer = this.#sameLayer(first);
    const lacksLayer = first.asked.layer !== undefined && layer === undefined;
    this.#change({ map: undefined, painted: undefined, difference: undefined, lacking: [] });
    const same = asked && (await this.#mapOfSame(first, asked.target, layer, asked.isByName));
    if (same === "stopped") return;
    const map = same ?? (await this.#ownMap(first, layer));
    if (!map) return;
    const lacking: Lacking = [
      ...(same ? [] : (["target"] as const)),
      ...(lacksLayer ? (["layer"] as const) : []),
    ];
    this.#change({ map, lacking, ...(lacking.length > 0 ? {} : await this.#painted(first, map)) });
  }

  /** On which the first's map lies by choice; undefined too where the second has none of that name that a map lies on. */
  #sameLayer({ asked }: ShownMap): string | undefined {
    const found = this.#model.layers.find(({ name }) => name === asked.layer);
    return found && found.height * found.width > 1 ? found.name : undefined;
  }

  /** Undefined where the second has nothing that is the same. */
  async #mapOfSame(
    first: ShownMap,
    target: string,
    layer: string | undefined,
    isByName: boolean,
  ): Promise<ShownMap | "stopped" | undefined> {
    const { region } = first.asked;
    if (region !== undefined && !takesRegion(target, this.#model)) return undefined;
    const part = region === undefined ? {} : { region };
    const { answer, failure } = await this.#attempt({ ...first.asked, target, layer, ...part });
    if (answer) return isByName && !isOfSame(first, answer) ? undefined : answer;
    if (failure && notThere.has(failure.code)) return undefined;
    if (failure) this.#store.tell(failure, "explain");
    return "stopped";
  }

  /** Of what the second answers itself. */
  async #ownMap({ asked }: ShownMap, layer: string | undefined): Promise<ShownMap | undefined> {
    const { region: _, ...all } = asked;
    const { answer, failure } = await this.#attempt({ ...all, target: "top", layer });
    if (failure) this.#store.tell(failure, "explain");
    return answer;
  }

  #attempt(asked: ExplainRequest) {
    const hold = (call: Call<unknown>) => (this.#mapCall = call);
    const unchecked = { ...asked, isChecked: false };
    return this.#store.attempt("explain", unchecked, hold, () => undefined, "second");
  }

  async #painted(
    first: ShownMap,
    second: ShownMap,
  ): Promise<Pick<SecondShown, "painted" | "difference">> {
    const { unit } = first.scale;
    if (unit !== second.scale.unit) return { painted: undefined, difference: undefined };
    const maps = [first, second].map(({ width, height, values }) => ({ width, height, values }));
    const painted = await this.#ask("paint", { maps, unit, side });
    const { width, height } = first;
    if (width !== second.width || height !== second.height) {
      return { painted, difference: undefined };
    }
    const values = second.values.map((value, i) => value - first.values[i]!);
    const asked = { maps: [{ width, height, values }], unit, side };
    return { painted, difference: await this.#ask("paint", asked) };
  }

  async #showChannels(layer: string): Promise<void> {
    this.#change({ channels: undefined });
    if (!this.#model.layers.some(({ name }) => name === layer)) return;
    this.#change({ channels: await this.#ask("channels", { layer }) });
  }

  #ask<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
  ): Promise<Calls[Name]["answer"] | undefined> {
    return this.#store.ask(name, asked, undefined, undefined, "second");
  }

  /** Undefined where it was closed meanwhile, or another took its place. */
  get #shown(): SecondShown | undefined {
    const { second } = this.#store.state;
    return second?.model === this.#model ? second : undefined;
  }

  #change(change: Partial<SecondShown>): void {
    const second = this.#shown;
    if (second) this.#store.set({ second: { ...second, ...change } });
  }
}

/** Whether two maps say that they are of the same; scores of boxes are each network's own. */
function isOfSame(first: ShownMap, second: ShownMap): boolean {
  const withoutScores = ({ heading }: ShownMap) => heading.replaceAll(/\b\d\.\d+/g, "");
  return withoutScores(first) === withoutScores(second);
}

function answered(answers: HiddenAnswers): readonly ClassAnswer[] {
  return answers.filter((each) => each !== undefined);
}

function areClasses({ answers }: NonNullable<State["picture"]>): boolean {
  return answers.length > 0 && answers.every(({ box }) => box === undefined);
}
