/** @file Makes what a layer sees in a photo, exaggerated (caricature, Olah et al. 2018), and says how like the photo it is there. */
import { photosAt } from "../../app/maximize/photos.ts";
import type { JobContext } from "../../app/context.ts";
import { tensor, toFloat32 } from "../../graph/tensor.ts";
import { scalePictures } from "../../image/affine.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import { preprocess } from "../../image/preprocess.ts";
import { maximizeUnits } from "../../optvis/maximize-units.ts";
import { noisePictures } from "../../optvis/noise-pictures.ts";
import type { ObjectiveTerm } from "../../optvis/objective-terms.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import { caricatureMaking } from "../plan-caricatures.ts";
import type { AtlasPlan } from "../plan.ts";
import { encodeCaricature } from "./caricature-part.ts";
import type { CaricatureJob } from "./job.ts";

/** The part's bytes; told how much of the job is done, 0..1. Throws `aborted`. */
export async function caricaturePart(
  { model, how, request, caricatures }: AtlasPlan,
  { layer }: CaricatureJob,
  { platform, signal }: Pick<JobContext, "platform" | "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { size, path } = caricatures!;
  const { range, seed } = request;
  const term: ObjectiveTerm = { name: "caricature", weight: 1, options: { photo: path } };
  const terms = [term];
  const asked = { model, how, size, terms, layers: [layer], range };
  const { photos } = await photosAt(platform, asked);
  const network = visualized(model, how);
  const batches = maximizeUnits(network, [{ layer }], {
    preset: caricatureMaking,
    size,
    seed,
    goalOf: () => ({ negative: false, oneUnit: false, objective: terms, photos }),
    togetherOf: () => 1,
    signal,
    onStep: (_batch, { step, steps }) => onShare(step / steps),
  });
  const { value } = await batches.next();
  const [made] = value!.made;
  const { channels, heightPx, widthPx } = size;
  const dims = [1, channels, heightPx, widthPx];
  const graph = await model.maps([layer], dims);
  const reference = photos(path, layer).data;
  const likenessOf = async (input: Float32Array) => {
    const fed = { [model.input.name]: tensor("float32", dims, input) };
    const { [layer]: found } = await model.runtime.run(graph, fed);
    return likeness(toFloat32(found!), reference);
  };
  const own = await likenessOf(made!.input);
  let noise = -1;
  for (const each of noisePictures(size)) {
    const input = scalePictures(each.picture(), heightPx * widthPx, network.scaling);
    const { cosine } = await likenessOf(input);
    noise = Math.max(noise, cosine);
  }
  const picture = await platform.readPicture(path, range);
  return encodeCaricature({
    picture: pictureOfFloats(made!.picture, size, caricatureMaking.display),
    photo: preprocess(picture, { ...how, layout: "nchw" }, size).seen,
    cosine: own.cosine,
    noise,
    strength: own.strength,
  });
}

/** The cosine between two lists of numbers, and how long the first is as a multiple of the second; 0 where one has no length. */
function likeness(own: Float32Array, reference: Float32Array) {
  let [product, square, wanted] = [0, 0, 0];
  for (let i = 0; i < own.length; i++) {
    product += own[i]! * reference[i]!;
    square += own[i]! ** 2;
    wanted += reference[i]! ** 2;
  }
  const lengths = Math.sqrt(square) * Math.sqrt(wanted);
  return {
    cosine: lengths > 0 ? product / lengths : 0,
    strength: wanted > 0 ? Math.sqrt(square / wanted) : 0,
  };
}
