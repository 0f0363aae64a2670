/** @file THE table of attribution methods: those of a first map are there with it, all others come when they are asked for. */
import * as cam from "./cam/infos.ts";
import { gradCam } from "./cam/grad-cam.ts";
import { layerCam } from "./cam/layer-cam.ts";
import * as slopes from "./gradient/infos.ts";
import { gradient } from "./gradient/gradient.ts";
import type { Model } from "../network/model.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Heatmap } from "./heatmap.ts";
import type { AttributionMethod } from "./method.ts";
import * as hiding from "./perturbation/infos.ts";
import * as shares from "./relevance/infos.ts";

type Run<Options> = (model: Model, input: Tensor, options: Options) => Promise<Heatmap[]>;

/** A method whose code is loaded when it first runs. */
function onDemand<Options>(load: () => Promise<Run<Options>>): Run<Options> {
  return async (model, input, options) => (await load())(model, input, options);
}

/** Methods by the name that the command line takes; help and documents are made from this table. */
export const attributionMethods = {
  gradient: { info: slopes.gradientInfo, run: gradient },
  "input-x-gradient": {
    info: slopes.inputXGradientInfo,
    run: onDemand(async () => (await import("./gradient/input-x-gradient.ts")).inputXGradient),
  },
  "smooth-grad": {
    info: slopes.smoothGradInfo,
    run: onDemand(async () => (await import("./gradient/smooth-grad.ts")).smoothGrad),
  },
  "smooth-grad-squared": {
    info: slopes.smoothGradSquaredInfo,
    run: onDemand(async () => (await import("./gradient/smooth-grad.ts")).smoothGradSquared),
  },
  "var-grad": {
    info: slopes.varGradInfo,
    run: onDemand(async () => (await import("./gradient/smooth-grad.ts")).varGrad),
  },
  "integrated-gradients": {
    info: slopes.integratedGradientsInfo,
    run: onDemand(
      async () => (await import("./gradient/integrated-gradients.ts")).integratedGradients,
    ),
  },
  "gradient-shap": {
    info: slopes.gradientShapInfo,
    run: onDemand(async () => (await import("./gradient/gradient-shap.ts")).gradientShap),
  },
  "deep-lift": {
    info: shares.deepLiftInfo,
    run: onDemand(async () => (await import("./relevance/deep-lift.ts")).deepLift),
  },
  "full-grad": {
    info: slopes.fullGradInfo,
    run: onDemand(async () => (await import("./gradient/full-grad.ts")).fullGrad),
  },
  "guided-backprop": {
    info: slopes.guidedBackpropInfo,
    run: onDemand(async () => (await import("./gradient/guided-backprop.ts")).guidedBackprop),
  },
  deconvolution: {
    info: slopes.deconvolutionInfo,
    run: onDemand(async () => (await import("./gradient/deconvolution.ts")).deconvolution),
  },
  rectified: {
    info: slopes.rectifiedInfo,
    run: onDemand(async () => (await import("./gradient/rectified.ts")).rectified),
  },
  lrp: {
    info: shares.lrpInfo,
    run: onDemand(async () => (await import("./relevance/lrp.ts")).lrp),
  },
  cam: {
    info: cam.classActivationMapInfo,
    run: onDemand(async () => (await import("./cam/class-activation-map.ts")).classActivationMap),
  },
  "grad-cam": { info: cam.gradCamInfo, run: gradCam },
  "guided-grad-cam": {
    info: cam.guidedGradCamInfo,
    run: onDemand(async () => (await import("./cam/guided-grad-cam.ts")).guidedGradCam),
  },
  "grad-cam-plus-plus": {
    info: cam.gradCamPlusPlusInfo,
    run: onDemand(async () => (await import("./cam/grad-cam-plus-plus.ts")).gradCamPlusPlus),
  },
  "hires-cam": {
    info: cam.hiresCamInfo,
    run: onDemand(async () => (await import("./cam/hires-cam.ts")).hiresCam),
  },
  "xgrad-cam": {
    info: cam.xgradCamInfo,
    run: onDemand(async () => (await import("./cam/xgrad-cam.ts")).xgradCam),
  },
  "layer-cam": { info: cam.layerCamInfo, run: layerCam },
  "eigen-cam": {
    info: cam.eigenCamInfo,
    run: onDemand(async () => (await import("./cam/eigen-cam.ts")).eigenCam),
  },
  "score-cam": {
    info: cam.scoreCamInfo,
    run: onDemand(async () => (await import("./cam/score-cam.ts")).scoreCam),
  },
  "ablation-cam": {
    info: cam.ablationCamInfo,
    run: onDemand(async () => (await import("./cam/ablation-cam.ts")).ablationCam),
  },
  occlusion: {
    info: hiding.occlusionInfo,
    run: onDemand(async () => (await import("./perturbation/occlusion.ts")).occlusion),
  },
  rise: {
    info: hiding.riseInfo,
    run: onDemand(async () => (await import("./perturbation/rise.ts")).rise),
  },
  "d-rise": {
    info: hiding.dRiseInfo,
    run: onDemand(async () => (await import("./perturbation/d-rise.ts")).dRise),
  },
  lime: {
    info: hiding.limeInfo,
    run: onDemand(async () => (await import("./perturbation/lime.ts")).lime),
  },
  "kernel-shap": {
    info: hiding.kernelShapInfo,
    run: onDemand(async () => (await import("./perturbation/kernel-shap.ts")).kernelShap),
  },
} as const satisfies Readonly<Record<string, AttributionMethod>>;
