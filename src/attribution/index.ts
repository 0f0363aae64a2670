/** @file THE table of attribution methods: those of a first map are there with it, all others come when they are asked for. */
import {
  ablationCamInfo,
  classActivationMapInfo,
  eigenCamInfo,
  gradCamInfo,
  gradCamPlusPlusInfo,
  guidedGradCamInfo,
  hiresCamInfo,
  layerCamInfo,
  scoreCamInfo,
  xgradCamInfo,
} from "./cam/infos.ts";
import { gradCam } from "./cam/grad-cam.ts";
import { layerCam } from "./cam/layer-cam.ts";
import {
  deconvolutionInfo,
  fullGradInfo,
  gradientInfo,
  gradientShapInfo,
  guidedBackpropInfo,
  inputXGradientInfo,
  integratedGradientsInfo,
  rectifiedInfo,
  smoothGradInfo,
  smoothGradSquaredInfo,
  varGradInfo,
} from "./gradient/infos.ts";
import { gradient } from "./gradient/gradient.ts";
import type { Model } from "../network/model.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Heatmap } from "./heatmap.ts";
import type { AttributionMethod } from "./method.ts";
import type { methodTitles } from "./method-titles.ts";
import {
  dRiseInfo,
  kernelShapInfo,
  limeInfo,
  occlusionInfo,
  riseInfo,
} from "./perturbation/infos.ts";
import { deepLiftInfo, lrpInfo } from "./relevance/infos.ts";

type Run<Options> = (model: Model, input: Tensor, options: Options) => Promise<Heatmap[]>;

/** A method whose code is loaded when it first runs. */
function onDemand<Options>(load: () => Promise<Run<Options>>): Run<Options> {
  return async (model, input, options) => (await load())(model, input, options);
}

/**
 * Methods by the name that the command line takes; help and documents are made from this table. What is said of those that a
 * first map does not need is read when it is asked for, so that a page may load it later.
 */
export const attributionMethods = {
  gradient: {
    get info() {
      return gradientInfo;
    },
    run: gradient,
  },
  "input-x-gradient": {
    get info() {
      return inputXGradientInfo;
    },
    run: onDemand(async () => (await import("./gradient/input-x-gradient.ts")).inputXGradient),
  },
  "smooth-grad": {
    get info() {
      return smoothGradInfo;
    },
    run: onDemand(async () => (await import("./gradient/smooth-grad.ts")).smoothGrad),
  },
  "smooth-grad-squared": {
    get info() {
      return smoothGradSquaredInfo;
    },
    run: onDemand(async () => (await import("./gradient/smooth-grad.ts")).smoothGradSquared),
  },
  "var-grad": {
    get info() {
      return varGradInfo;
    },
    run: onDemand(async () => (await import("./gradient/smooth-grad.ts")).varGrad),
  },
  "integrated-gradients": {
    get info() {
      return integratedGradientsInfo;
    },
    run: onDemand(
      async () => (await import("./gradient/integrated-gradients.ts")).integratedGradients,
    ),
  },
  "gradient-shap": {
    get info() {
      return gradientShapInfo;
    },
    run: onDemand(async () => (await import("./gradient/gradient-shap.ts")).gradientShap),
  },
  "deep-lift": {
    get info() {
      return deepLiftInfo;
    },
    run: onDemand(async () => (await import("./relevance/deep-lift.ts")).deepLift),
  },
  "full-grad": {
    get info() {
      return fullGradInfo;
    },
    run: onDemand(async () => (await import("./gradient/full-grad.ts")).fullGrad),
  },
  "guided-backprop": {
    get info() {
      return guidedBackpropInfo;
    },
    run: onDemand(async () => (await import("./gradient/guided-backprop.ts")).guidedBackprop),
  },
  deconvolution: {
    get info() {
      return deconvolutionInfo;
    },
    run: onDemand(async () => (await import("./gradient/deconvolution.ts")).deconvolution),
  },
  rectified: {
    get info() {
      return rectifiedInfo;
    },
    run: onDemand(async () => (await import("./gradient/rectified.ts")).rectified),
  },
  lrp: {
    get info() {
      return lrpInfo;
    },
    run: onDemand(async () => (await import("./relevance/lrp.ts")).lrp),
  },
  cam: {
    get info() {
      return classActivationMapInfo;
    },
    run: onDemand(async () => (await import("./cam/class-activation-map.ts")).classActivationMap),
  },
  "grad-cam": {
    get info() {
      return gradCamInfo;
    },
    run: gradCam,
  },
  "guided-grad-cam": {
    get info() {
      return guidedGradCamInfo;
    },
    run: onDemand(async () => (await import("./cam/guided-grad-cam.ts")).guidedGradCam),
  },
  "grad-cam-plus-plus": {
    get info() {
      return gradCamPlusPlusInfo;
    },
    run: onDemand(async () => (await import("./cam/grad-cam-plus-plus.ts")).gradCamPlusPlus),
  },
  "hires-cam": {
    get info() {
      return hiresCamInfo;
    },
    run: onDemand(async () => (await import("./cam/hires-cam.ts")).hiresCam),
  },
  "xgrad-cam": {
    get info() {
      return xgradCamInfo;
    },
    run: onDemand(async () => (await import("./cam/xgrad-cam.ts")).xgradCam),
  },
  "layer-cam": {
    get info() {
      return layerCamInfo;
    },
    run: layerCam,
  },
  "eigen-cam": {
    get info() {
      return eigenCamInfo;
    },
    run: onDemand(async () => (await import("./cam/eigen-cam.ts")).eigenCam),
  },
  "score-cam": {
    get info() {
      return scoreCamInfo;
    },
    run: onDemand(async () => (await import("./cam/score-cam.ts")).scoreCam),
  },
  "ablation-cam": {
    get info() {
      return ablationCamInfo;
    },
    run: onDemand(async () => (await import("./cam/ablation-cam.ts")).ablationCam),
  },
  occlusion: {
    get info() {
      return occlusionInfo;
    },
    run: onDemand(async () => (await import("./perturbation/occlusion.ts")).occlusion),
  },
  rise: {
    get info() {
      return riseInfo;
    },
    run: onDemand(async () => (await import("./perturbation/rise.ts")).rise),
  },
  "d-rise": {
    get info() {
      return dRiseInfo;
    },
    run: onDemand(async () => (await import("./perturbation/d-rise.ts")).dRise),
  },
  lime: {
    get info() {
      return limeInfo;
    },
    run: onDemand(async () => (await import("./perturbation/lime.ts")).lime),
  },
  "kernel-shap": {
    get info() {
      return kernelShapInfo;
    },
    run: onDemand(async () => (await import("./perturbation/kernel-shap.ts")).kernelShap),
  },
} as const satisfies Readonly<Record<keyof typeof methodTitles, AttributionMethod>>;
