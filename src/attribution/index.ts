/** @file THE table of attribution methods. */
import { ablationCam, ablationCamInfo } from "./cam/ablation-cam.ts";
import { classActivationMap, classActivationMapInfo } from "./cam/class-activation-map.ts";
import { dRise, dRiseInfo } from "./perturbation/d-rise.ts";
import { deepLift, deepLiftInfo } from "./relevance/deep-lift.ts";
import { eigenCam, eigenCamInfo } from "./cam/eigen-cam.ts";
import { fullGrad, fullGradInfo } from "./gradient/full-grad.ts";
import { gradCamPlusPlus, gradCamPlusPlusInfo } from "./cam/grad-cam-plus-plus.ts";
import { gradCam, gradCamInfo } from "./cam/grad-cam.ts";
import { gradient, gradientInfo } from "./gradient/gradient.ts";
import { gradientShap, gradientShapInfo } from "./gradient/gradient-shap.ts";
import { hiresCam, hiresCamInfo } from "./cam/hires-cam.ts";
import { kernelShap, kernelShapInfo } from "./perturbation/kernel-shap.ts";
import { layerCam, layerCamInfo } from "./cam/layer-cam.ts";
import { lime, limeInfo } from "./perturbation/lime.ts";
import { lrp, lrpInfo } from "./relevance/lrp.ts";
import type { AttributionMethod } from "./method.ts";
import { deconvolution, deconvolutionInfo } from "./gradient/deconvolution.ts";
import { guidedBackprop, guidedBackpropInfo } from "./gradient/guided-backprop.ts";
import { guidedGradCam, guidedGradCamInfo } from "./cam/guided-grad-cam.ts";
import { inputXGradient, inputXGradientInfo } from "./gradient/input-x-gradient.ts";
import { integratedGradients, integratedGradientsInfo } from "./gradient/integrated-gradients.ts";
import { rectified, rectifiedInfo } from "./gradient/rectified.ts";
import {
  smoothGrad,
  smoothGradInfo,
  smoothGradSquared,
  smoothGradSquaredInfo,
  varGrad,
  varGradInfo,
} from "./gradient/smooth-grad.ts";
import { occlusion, occlusionInfo } from "./perturbation/occlusion.ts";
import { rise, riseInfo } from "./perturbation/rise.ts";
import { scoreCam, scoreCamInfo } from "./cam/score-cam.ts";
import { xgradCam, xgradCamInfo } from "./cam/xgrad-cam.ts";

/** Methods by the name that the command line takes; help and documents are made from this table. */
export const attributionMethods = {
  gradient: { info: gradientInfo, run: gradient },
  "input-x-gradient": { info: inputXGradientInfo, run: inputXGradient },
  "smooth-grad": { info: smoothGradInfo, run: smoothGrad },
  "smooth-grad-squared": { info: smoothGradSquaredInfo, run: smoothGradSquared },
  "var-grad": { info: varGradInfo, run: varGrad },
  "integrated-gradients": { info: integratedGradientsInfo, run: integratedGradients },
  "gradient-shap": { info: gradientShapInfo, run: gradientShap },
  "deep-lift": { info: deepLiftInfo, run: deepLift },
  "full-grad": { info: fullGradInfo, run: fullGrad },
  "guided-backprop": { info: guidedBackpropInfo, run: guidedBackprop },
  deconvolution: { info: deconvolutionInfo, run: deconvolution },
  rectified: { info: rectifiedInfo, run: rectified },
  lrp: { info: lrpInfo, run: lrp },
  cam: { info: classActivationMapInfo, run: classActivationMap },
  "grad-cam": { info: gradCamInfo, run: gradCam },
  "guided-grad-cam": { info: guidedGradCamInfo, run: guidedGradCam },
  "grad-cam-plus-plus": { info: gradCamPlusPlusInfo, run: gradCamPlusPlus },
  "hires-cam": { info: hiresCamInfo, run: hiresCam },
  "xgrad-cam": { info: xgradCamInfo, run: xgradCam },
  "layer-cam": { info: layerCamInfo, run: layerCam },
  "eigen-cam": { info: eigenCamInfo, run: eigenCam },
  "score-cam": { info: scoreCamInfo, run: scoreCam },
  "ablation-cam": { info: ablationCamInfo, run: ablationCam },
  occlusion: { info: occlusionInfo, run: occlusion },
  rise: { info: riseInfo, run: rise },
  "d-rise": { info: dRiseInfo, run: dRise },
  lime: { info: limeInfo, run: lime },
  "kernel-shap": { info: kernelShapInfo, run: kernelShap },
} as const satisfies Readonly<Record<string, AttributionMethod>>;
