/** @file `limpid`: the core, which runs wherever JavaScript runs. */
export { LimpidError, type ErrorCode, type StopSignal } from "./errors.ts";
export type { FolderSource } from "./formats/folder-source.ts";
export type { Format } from "./formats/format.ts";
export { formats, openGraph } from "./formats/index.ts";
export { memorySource, type ByteSource, type MappedFile } from "./formats/source.ts";
export { decodeOnnx, type DecodeOptions } from "./formats/onnx/decode.ts";
export { encodeOnnx, type EncodedModel, type EncodeOptions } from "./formats/onnx/encode.ts";
export { decodeSafetensors, encodeSafetensors } from "./formats/safetensors.ts";
export { decodeNpy, encodeNpy } from "./formats/npy.ts";
export { GraphBuilder, type Value } from "./graph/builder.ts";
export { cut } from "./graph/edit.ts";
export type { Detection, Detector } from "./network/detection/detection.ts";
export { detectionsOf, detectorOf } from "./network/detection/detections.ts";
export { headOf, type Head } from "./network/head.ts";
export { OPSET, type Graph, type Node, type ValueInfo, type ValueShape } from "./graph/graph.ts";
export { findLayer, lastSpatialLayer, layersOf, type Layer } from "./network/layers.ts";
export { tensor, tensorOf, toNumbers, type ElementType, type Tensor } from "./graph/tensor.ts";
export { trace } from "./graph/trace.ts";
export { backpropagate, differentiate } from "./autodiff/differentiate.ts";
export type { DifferentiatedGraph, DifferentiateOptions } from "./autodiff/reverse-walk.ts";
export { missingRules, UnsupportedOperatorError } from "./autodiff/path.ts";
export { deconvolution, guidedBackpropagation, redirectedRelu } from "./autodiff/overrides.ts";
export type { GradientRule, NodeView, RuleTable } from "./autodiff/rule.ts";
export type { Runtime, RunOptions, Session, SessionOptions, Tensors } from "./runtime/runtime.ts";
export { Model, type ModelOptions } from "./network/model.ts";
export { explainedModelOf, type ExplainedModel } from "./scores/explained-model.ts";
export type { Target } from "./scores/target.ts";
export {
  areaHolding,
  halves,
  negativeMassShare,
  positiveEntropy,
  positiveMassWithin,
  type Box,
} from "./attribution/diagnosis/positive-mass.ts";
export { describeMap, type MapDescription } from "./attribution/diagnosis/describe-map.ts";
export { maximumOf, placesOf, type PlaceMap } from "./attribution/diagnosis/place-map.ts";
export { gradCam, type GradCamOptions } from "./attribution/cam/grad-cam.ts";
export { gradient, type GradientOptions } from "./attribution/gradient/gradient.ts";
export type { Heatmap, MapWarning } from "./attribution/heatmap.ts";
export { attributionMethods } from "./attribution/index.ts";
export {
  attributionMethod,
  methodEntries,
  optionsOfMethods,
  registerMethod,
  type OptionOfMethods,
} from "./attribution/registry.ts";
export {
  defaultText,
  rangeText,
  valuesText,
  type NumberRange,
  type OptionInfo,
  type OptionTable,
  type OptionValue,
  type OptionValues,
} from "./wording/option.ts";
export { optionValues, readOption, readOptions } from "./wording/read-option.ts";
export { imagenetClasses } from "./network/imagenet-classes.ts";
export type { AttributionMethod, AttributionOptions, MethodInfo } from "./attribution/method.ts";
export type { ChannelRange } from "./network/choose-preprocessing.ts";
export { withReasons, type ReasonsOptions } from "./attribution/diagnosis/why-blank.ts";
export type { ClassTargets } from "./scores/class-targets.ts";
export { heatmapScale } from "./drawing/heatmap-scale.ts";
export { heatOver } from "./drawing/heatmap-sheet.ts";
export { plane, type Picture, type Plane } from "./image/picture.ts";
export { inputSizeOf, preprocess, preprocessings, type Preprocessing } from "./image/preprocess.ts";
export { architectureNetwork, architectures } from "./train/architectures/index.ts";
export { describedNetwork, type NetworkDescription } from "./train/described-network.ts";
export { exportNetwork, type ExportOptions } from "./train/export.ts";
export { fineTunedNetwork, type FineTuneOptions } from "./train/fine-tune.ts";
export { batchSource } from "./train/data/batches.ts";
export { digits } from "./drawn/digits.ts";
export { pets, petScene } from "./drawn/pets.ts";
export { shapeScene, shapeScenes, type ShapeScene } from "./drawn/shapes.ts";
export type { BuiltNetwork, TrainableNetwork } from "./train/trainable-network.ts";
export type { Batch, BatchSource } from "./train/data/batch-source.ts";
export type { Dataset, Example, LabelForm } from "./image/dataset.ts";
export { binaryCrossEntropy, crossEntropy, lossOf, meanSquaredError } from "./train/losses.ts";
export { adam, adamW } from "./optimize/adam.ts";
export { rmsprop } from "./optimize/rmsprop.ts";
export { sgd } from "./optimize/sgd.ts";
export { constant, cosine, oneCycle, plateau, stepwise, warmUp } from "./train/schedules.ts";
export { decodeCheckpoint, encodeCheckpoint } from "./train/checkpoint.ts";
export { openEvaluator, type Evaluation, type Evaluator } from "./train/evaluate.ts";
export type { EpochRecord, TrainingState } from "./train/state.ts";
export { train, type TrainingResult, type TrainOptions } from "./train/train.ts";
export {
  maximize,
  type MaximizedUnit,
  type MaximizeOptions,
  type StepProgress,
  type VisualizedNetwork,
} from "./optvis/maximize.ts";
export { visualized } from "./optvis/visualized-network.ts";
export * as objectives from "./optvis/objectives.ts";
export type { Objective } from "./optvis/objectives.ts";
export type { ObjectiveContext } from "./optvis/objectives/objective.ts";
export {
  objectiveEntries,
  registerObjective,
  type ObjectiveEntry,
  type ObjectiveRequest,
} from "./optvis/objective-table.ts";
export type { Recipe } from "./optvis/recipe.ts";
export type { Unit } from "./optvis/units.ts";
export { presets, type Preset } from "./optvis/presets.ts";
