/** @file Networks of keras.applications that are known by the layers in files that hold weights alone. */
import type { LayerWeights, WeightStore } from "../weight-store.ts";
import type { Architecture } from "./architecture.ts";
import { resnets } from "./resnet.ts";
import { vggs } from "./vgg.ts";

/** THE table of networks. */
const architectures: readonly Architecture[] = [...vggs, ...resnets];

/** A network, and its configuration as Keras writes one. */
export interface KnownNetwork {
  readonly name: string;
  readonly config: unknown;
}

/** The network whose layers those are, all of them and no others; undefined for others. */
export async function knownArchitecture(
  names: readonly string[],
  store: WeightStore,
): Promise<KnownNetwork | undefined> {
  const listed = new Set(names.filter((name) => !plain.test(name)));
  for (const architecture of architectures) {
    for (const top of [[], ...architecture.tops]) {
      const wanted = [...architecture.layers, ...top];
      if (wanted.length !== listed.size || !wanted.every((name) => listed.has(name))) continue;
      const last = top.at(-1);
      const classes = last === undefined ? 0 : await unitsOf(store, last);
      return { name: architecture.name, config: architecture.config(classes, top) };
    }
  }
  return undefined;
}

/** Layers without weights that such files may list as well, and what Keras keeps beside layers. */
const plain =
  /^(input|flatten|dropout|avg_pool|global_|top_level_model_weights$|(block|pool|conv)\d+_(pool|pad|relu)$|conv\d+_block\d+_(\d_relu|add|out)$)/;

async function unitsOf(store: WeightStore, name: string): Promise<number> {
  const layers = [{ name, className: "Dense", isLayer: true }];
  const weights: LayerWeights = await store.model({ isSequential: true, layers }).layer(name);
  const [kernel] = await weights.variables();
  return kernel?.dims.at(-1) ?? 0;
}
