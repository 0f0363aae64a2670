/** @file The guided story: nine steps through what a network has learned, each of which sets the page. */
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatProbability,
} from "../../../src/wording/numbers.ts";
import type { Explorer } from "../explorer.ts";
import type { Section } from "../frame/sections.tsx";
import type { State } from "../computing/store.ts";
import type { StoryName } from "./story-texts.ts";
import type { WhatVisitorHad } from "./what-visitor-had.ts";

/** What a step sets right, one thing after the other, as long as it is the one that is told. */
type Deed = (explorer: Explorer, visitors: WhatVisitorHad) => Promise<void> | void;

export type StoryNetwork = "pets" | "mnist";

/** What is lit up while a step is told. */
export type Spot = "stage" | "answers" | "channels" | "unit" | "layers" | "compare";

export interface StoryStep {
  readonly name: StoryName;
  /** Where it is to be seen on a narrow page. */
  readonly section: Section;
  readonly spot: Spot;
  readonly deeds: readonly Deed[];
  /** Numbers of its fact, in their order; undefined where they are not known yet. */
  facts(state: State): readonly (string | undefined)[];
}

/**
 * Opens a network unless it is open, so that going back and forth is quick. A step that was left may be opening another still,
 * or have opened this one and not looked at its picture.
 */
function network(name: StoryNetwork): Deed {
  return async ({ hand, state: { view, model, picture } }) => {
    const isOpen = view.model === name && model !== undefined && !hand.isOpening;
    if (!isOpen) await hand.openModel({ kind: "shipped", name });
    else if (!picture) await hand.stay(hand.begin());
  };
}

function layer(name: string): Deed {
  return async (explorer) => {
    const found = explorer.state.model?.layers.find((each) => each.name === name);
    if (found) await explorer.chooseLayer(found.name);
  };
}

function channel(number: number): readonly Deed[] {
  return [(explorer) => explorer.chooseChannel(number), (explorer) => explorer.maximize()];
}

/** Of the network's own answer. */
function method(name: string): readonly Deed[] {
  return [(explorer) => explorer.chooseTarget("top"), (explorer) => explorer.chooseMethod(name)];
}

const compareNothing: Deed = (_, visitors) => visitors.putMapsAside();

const compare: Deed = (_, visitors) => visitors.pinForStory();

/** The maps that leave out signals on their way back beside the one that does not. */
const compared = ["gradient", "rectified", "guided-backprop"];

function activations({ unit }: State): readonly (string | undefined)[] {
  const { start, activation } = unit?.done ?? {};
  return [start, activation].map((each) => (each === undefined ? undefined : formatNumber(each)));
}

/** The first and the last convolution with their shares of zeros. */
function zeros({ summaries }: State): readonly (string | undefined)[] {
  const convolutions = [...summaries.values()].filter(({ name }) => name.startsWith("conv"));
  return [convolutions[0], convolutions.at(-1)].flatMap((each) => [
    each?.name,
    each && formatPercent(each.zeroShare),
  ]);
}

export const story: readonly StoryStep[] = [
  {
    name: "picture",
    section: "picture",
    spot: "stage",
    deeds: [network("pets")],
    facts: ({ model }) => [model && formatCount(model.input.reduce((all, side) => all * side, 1))],
  },
  {
    name: "answer",
    section: "picture",
    spot: "answers",
    deeds: [network("pets"), ...method("grad-cam")],
    facts: ({ picture }) => {
      const { label, probability } = picture?.answers[0] ?? {};
      return [label, probability === undefined ? undefined : formatProbability(probability)];
    },
  },
  {
    name: "first layer",
    section: "units",
    spot: "channels",
    deeds: [network("pets"), layer("conv1")],
    facts: ({ model, channels }) => {
      const shown = model?.layers.find(({ name }) => name === channels?.layer);
      return [shown?.channels, shown?.height, shown?.width].map((each) => each?.toString());
    },
  },
  {
    name: "channel",
    section: "units",
    spot: "unit",
    deeds: [network("pets"), layer("conv2"), ...channel(1)],
    facts: activations,
  },
  {
    name: "deeper",
    section: "units",
    spot: "unit",
    deeds: [network("pets"), layer("conv4"), ...channel(2)],
    facts: activations,
  },
  {
    name: "zeros",
    section: "layers",
    spot: "layers",
    deeds: [network("pets"), layer("conv4")],
    facts: zeros,
  },
  {
    name: "grad-cam",
    section: "picture",
    spot: "stage",
    deeds: [network("pets"), ...method("grad-cam")],
    facts: ({ map }) => [map?.heading],
  },
  {
    name: "pixels",
    section: "picture",
    spot: "compare",
    deeds: [
      network("pets"),
      compareNothing,
      ...compared.flatMap((name) => [...method(name), compare]),
    ],
    facts: ({ pinned }) => [pinned.length < compared.length ? undefined : `${pinned.length}`],
  },
  {
    name: "digits",
    section: "units",
    spot: "unit",
    deeds: [
      compareNothing,
      network("mnist"),
      ...method("grad-cam"),
      layer("logits"),
      ...channel(3),
    ],
    facts: activations,
  },
];
