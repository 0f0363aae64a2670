/** @file How networks of keras.applications want their pictures, known by the names of models and layers. */
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { readersOf, type KerasLayer, type KerasModel } from "./model-config.ts";

/** A network of keras.applications. */
interface Family {
  readonly name: string;
  /** The name that keras.applications gives the model. */
  readonly model: RegExp;
  /** Layers that it has, and others hardly. */
  readonly layers: readonly string[];
  readonly preprocessing: Preprocessing;
}

const caffe: Preprocessing = { ...preprocessings.caffe, mean: [103.939, 116.779, 123.68] };
const { tf, torchvision: torch } = preprocessings;

/** THE table of families that do not scale pictures themselves. */
const families: readonly Family[] = [
  {
    name: "VGG",
    model: /^vgg(16|19)(_\d+)?$/,
    layers: ["block1_conv1", "block1_conv2", "block5_conv3", "block5_pool"],
    preprocessing: caffe,
  },
  {
    name: "ResNet",
    model: /^resnet(50|101|152)(_\d+)?$/,
    layers: ["conv1_conv", "conv1_bn", "conv2_block1_1_conv", "conv5_block3_out"],
    preprocessing: caffe,
  },
  {
    name: "ResNetV2",
    model: /^resnet(50|101|152)v2(_\d+)?$/,
    layers: ["conv1_conv", "conv2_block1_preact_bn", "post_bn"],
    preprocessing: tf,
  },
  {
    name: "InceptionV3",
    model: /^inception_v3(_\d+)?$/,
    layers: ["mixed0", "mixed5", "mixed10"],
    preprocessing: tf,
  },
  {
    name: "InceptionResNetV2",
    model: /^inception_resnet_v2(_\d+)?$/,
    layers: ["mixed_5b", "block35_1_mixed", "conv_7b"],
    preprocessing: tf,
  },
  {
    name: "Xception",
    model: /^xception(_\d+)?$/,
    layers: ["block1_conv1_act", "block2_sepconv1", "block14_sepconv2"],
    preprocessing: tf,
  },
  {
    name: "MobileNet",
    model: /^mobilenet_\d\.\d+_\d+(_\d+)?$/,
    layers: ["conv1_relu", "conv_dw_1", "conv_pw_13"],
    preprocessing: tf,
  },
  {
    name: "MobileNetV2",
    model: /^mobilenetv2_\d\.\d+_\d+(_\d+)?$/,
    layers: ["bn_Conv1", "expanded_conv_depthwise", "block_16_project"],
    preprocessing: tf,
  },
  {
    name: "NASNet",
    model: /^nasnet(_mobile|_large)?(_\d+)?$/i,
    layers: ["stem_conv1", "stem_bn1"],
    preprocessing: tf,
  },
  {
    name: "DenseNet",
    model: /^densenet(121|169|201)(_\d+)?$/,
    layers: ["conv1/bn", "conv2_block1_0_bn", "pool2_conv"],
    preprocessing: torch,
  },
];

/** A family, and how it is known. */
export interface FoundFamily {
  readonly name: string;
  readonly preprocessing: Preprocessing;
}

/**
 * The family of the model, or of the nested model that pictures go into first; undefined for others, and where a layer
 * scales the numbers before.
 */
export function familyOf(model: KerasModel): FoundFamily | undefined {
  if (model.inputs.length !== 1) return undefined;
  const first = firstThatComputes(model);
  if (!first || first.isOperation || scaling.has(first.className)) return undefined;
  if (first.model) return familyOf(first.model);
  const names = new Set(model.layers.map(({ name }) => name));
  return families.find(
    (family) => family.model.test(model.name) || family.layers.every((name) => names.has(name)),
  );
}

const scaling = new Set([
  "BatchNormalization",
  "Lambda",
  "Normalization",
  "Rescaling",
  "SlicingOpLambda",
  "TFOpLambda",
  "TensorFlowOpLayer",
]);

/** Neither changes what numbers mean. */
const passing =
  /^(Random|Dropout|GaussianNoise|Identity|ZeroPadding|Resizing|CenterCrop|InputLayer)/;

/** The layer behind the input, or behind those that leave numbers as they are. */
function firstThatComputes(model: KerasModel): KerasLayer | undefined {
  const readers = readersOf(model);
  let before = model.inputs[0]!.layer;
  for (let step = 0; step < model.layers.length; step++) {
    const [reader, other] = readers.get(before) ?? [];
    if (!reader || other || !passing.test(reader.className)) return reader;
    before = reader.name;
  }
  return undefined;
}
