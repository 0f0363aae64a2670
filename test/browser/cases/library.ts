/** @file Runs in the browser: a network opened from a page's files, and asked about what a page has in hand. */
import { open, webPlatform } from "../../../src/web.ts";
import { interAddresses } from "./inter.ts";

/** Grad-CAM of a photo that is given as a file, as a blob and as pixels, and what else the library tells of it. */
export async function asked(model: Uint8Array, photo: Uint8Array) {
  const platform = webPlatform({
    typefaces: interAddresses,
    runtime: { threads: 2 },
  });
  const file = new File([new Uint8Array(model)], "model.onnx");
  const net = await open(file, { platform, preprocess: "unit" });
  try {
    const blob = new Blob([new Uint8Array(photo)]);
    const [ofFile, ofBlob, ofPixels] = await Promise.all(
      [new File([blob], "photo.png"), blob, await pixels(blob)].map((input) => net.explain(input)),
    );
    await ofFile!.save("why.png");
    const made = await net.maximize({ layer: "features", channel: "all", steps: 4 });
    await made.save("made");
    const look = await net.activations(blob);
    await look.save("look");
    return {
      maps: [ofFile!, ofBlob!, ofPixels!].map(({ map }) => map.data),
      activations: made.pictures.map(({ activation }) => activation),
      zeroShares: look.layers.map(({ statistics }) => statistics.zeroShare),
      layers: (await net.inspect()).layers.map(({ name }) => name),
      drawn: [...(await ofFile!.draw()).subarray(1, 4)],
      written: [...platform.written.keys()].toSorted(),
    };
  } finally {
    await net.close();
  }
}

/** Maps of photos that are asked for at once, each as a file of the same name and as a blob, and of two networks of one name. */
export async function overlapping(models: readonly Uint8Array[], photos: readonly Uint8Array[]) {
  const platform = webPlatform({ runtime: { threads: 2 } });
  const nets = await Promise.all(
    models.map((model) =>
      open(new File([new Uint8Array(model)], "model.onnx"), { platform, preprocess: "unit" }),
    ),
  );
  const blobs = photos.map((photo) => new Blob([new Uint8Array(photo)]));
  const calls = nets.flatMap((net) =>
    blobs.flatMap((blob) => [
      net.explain(blob),
      net.explain(new File([blob], "photo.png")),
      net.explain(blob, { reference: blobs[0]! }),
    ]),
  );
  const maps = (await Promise.all(calls)).map(({ map }) => map.data);
  await Promise.all(nets.map((net) => net.close()));
  return maps;
}

async function pixels(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

/** Layers of a model that is handed in as the files of a folder, as a chosen archive, and by an address. */
export async function openedAnyhow(model: Uint8Array, archive: Uint8Array, address: string) {
  const bytes = new Uint8Array(model);
  const set = [
    { name: "my_model/model.onnx", data: bytes },
    { name: "my_model/labels.txt", data: "a" },
  ];
  const layers: (readonly string[])[] = [];
  const file = new File([new Uint8Array(archive)], "my_model.zip");
  const chosen = new DataTransfer();
  chosen.items.add(file);
  for (const given of [set, file, chosen.files, `${address}/m.onnx?a=b`]) {
    const net = await open(given, { preprocess: "unit" });
    layers.push((await net.inspect()).layers.map(({ name }) => name));
    await net.close();
  }
  const missing = await open(`${address}/none.onnx`).catch((cause: unknown) => String(cause));
  const closed = await open(`${address}/closed.onnx`).catch((cause: unknown) => String(cause));
  return { layers, missing, closed };
}
