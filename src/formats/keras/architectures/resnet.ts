/** @file ResNet50, 101 and 152 (He et al. 2016, arXiv 1512.03385, table 1) as keras.applications has them since 2019. */
import { layer, type Architecture } from "./architecture.ts";

/** A layer and the names of those that it takes. */
interface Step {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly from: readonly string[];
}

/** The layers of a network in their order; each follows the one before unless it is told otherwise. */
class Steps {
  readonly list: Step[] = [];

  /** Adds a layer and gives its name. */
  add(
    className: string,
    name: string,
    config: Step["config"] | object = {},
    from?: readonly string[],
  ) {
    const last = this.list.at(-1)?.config.name;
    const sources = from ?? (last === undefined ? [] : [last]);
    this.list.push({ className, config: { ...config, name }, from: sources });
    return name;
  }

  /** A convolution with its normalisation. */
  convolution(name: string, config: object, from?: readonly string[]): string {
    this.add("Conv2D", `${name}_conv`, config, from);
    return this.add("BatchNormalization", `${name}_bn`, { epsilon: 1.001e-5 });
  }

  relu(name: string): string {
    return this.add("Activation", name, { activation: "relu" });
  }
}

/** A bottleneck, whose first of a stage halves the places, but for the first stage, and has a shortcut with weights. */
function addBlock(steps: Steps, name: string, filters: number, stride: number, isFirst: boolean) {
  const input = steps.list.at(-1)!.config.name;
  const wide = { filters: 4 * filters, kernel_size: 1 };
  const shortcut = isFirst ? steps.convolution(`${name}_0`, { ...wide, strides: stride }) : input;
  steps.convolution(`${name}_1`, { filters, kernel_size: 1, strides: stride }, [input]);
  steps.relu(`${name}_1_relu`);
  steps.convolution(`${name}_2`, { filters, kernel_size: 3, padding: "same" });
  steps.relu(`${name}_2_relu`);
  const last = steps.convolution(`${name}_3`, wide);
  steps.add("Add", `${name}_add`, {}, [shortcut, last]);
  steps.relu(`${name}_out`);
}

function stepsOf(counts: readonly number[], side: number | null): Steps {
  const steps = new Steps();
  steps.add("InputLayer", "input_1", { batch_input_shape: [null, side, side, 3] });
  steps.add("ZeroPadding2D", "conv1_pad", { padding: 3 });
  steps.convolution("conv1", { filters: 64, kernel_size: 7, strides: 2 });
  steps.relu("conv1_relu");
  steps.add("ZeroPadding2D", "pool1_pad", { padding: 1 });
  steps.add("MaxPooling2D", "pool1_pool", { pool_size: 3, strides: 2 });
  for (const [stage, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      const stride = i === 0 && stage > 0 ? 2 : 1;
      addBlock(steps, `conv${stage + 2}_block${i + 1}`, 64 * 2 ** stage, stride, i === 0);
    }
  }
  return steps;
}

/** The network with so many blocks in each stage. */
function resnet(name: string, counts: readonly number[]): Architecture {
  const weighted = /^(Conv2D|BatchNormalization)$/;
  return {
    name,
    layers: stepsOf(counts, null)
      .list.filter(({ className }) => weighted.test(className))
      .map(({ config }) => config.name),
    tops: [["predictions"], ["probs"]],
    config: (classes, [top]) => {
      const steps = stepsOf(counts, classes > 0 ? 224 : null);
      if (top !== undefined) {
        steps.add("GlobalAveragePooling2D", "avg_pool");
        steps.add("Dense", top, { units: classes, activation: "softmax" });
      }
      return layer("Functional", configOf(name, steps));
    },
  };
}

function configOf(name: string, { list }: Steps) {
  const call = (source: string) => [source, 0, 0, {}];
  return {
    name,
    layers: list.map(({ className, config, from }) => ({
      class_name: className,
      name: config.name,
      config,
      inbound_nodes: from.length > 0 ? [from.map(call)] : [],
    })),
    input_layers: [[list[0]!.config.name, 0, 0]],
    output_layers: [[list.at(-1)!.config.name, 0, 0]],
  };
}

export const resnets: readonly Architecture[] = [
  resnet("resnet50", [3, 4, 6, 3]),
  resnet("resnet101", [3, 4, 23, 3]),
  resnet("resnet152", [3, 8, 36, 3]),
];
