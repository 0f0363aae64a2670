import { describe, expect, test } from "vitest";
import { picture, type Picture } from "./picture.ts";
import { crop } from "./raster.ts";
import {
  affineOf,
  inputSizeOf,
  preprocess,
  preprocessingOf,
  preprocessings,
  toPicture,
  type InputSize,
  type Preprocessing,
} from "./preprocess.ts";

const onePixel: InputSize = { channels: 3, widthPx: 1, heightPx: 1 };
const orange = picture(1, 1, 3, Uint8Array.of(255, 102, 0));

describe("one orange pixel", () => {
  test.each([
    ["torchvision", (1 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, -0.406 / 0.225],
    ["caffe", -104, 102 - 117, 255 - 123],
    ["tf", 1, -0.2, -1],
    ["unit", 1, 0.4, 0],
    ["none", 255, 102, 0],
  ] as [string, ...number[]][])("%s", (name, ...expected) => {
    const { data, seen } = preprocess(orange, preprocessingOf(name), onePixel);
    expect(data).toBeAllclose(expected);
    expect([...seen.data]).toEqual([255, 102, 0]);
  });

  test("one-channel networks get its luma, and the mean of three means", () => {
    const size: InputSize = { ...onePixel, channels: 1 };
    const { data, seen, dims } = preprocess(orange, preprocessings.torchvision, size);
    expect(dims).toEqual([1, 1, 1, 1]);
    expect([...seen.data]).toEqual([136]);
    expect(data).toBeAllclose([(136 / 255 - 0.449) / 0.226]);
  });

  test("grey repeats the luma for three channels", () => {
    const grey: Preprocessing = { ...preprocessings.none, channels: "grey" };
    expect([...preprocess(orange, grey, onePixel).data]).toEqual([136, 136, 136]);
  });
});

/** Grey pixels that count up from 0, row by row. */
function counting(widthPx: number, heightPx: number): Picture {
  return picture(
    widthPx,
    heightPx,
    1,
    Uint8Array.from({ length: widthPx * heightPx }, (_, i) => i),
  );
}

describe("fitting", () => {
  const plain: Preprocessing = { ...preprocessings.none, cropShare: 1, filter: "nearest" };
  const small: InputSize = { channels: 1, widthPx: 2, heightPx: 2 };

  test("crop scales the shorter side and cuts the centre out", () => {
    // 8 x 4 becomes 4 x 2, of which the middle two columns stay.
    const { data } = preprocess(counting(8, 4), plain, small);
    expect([...data]).toEqual([11, 13, 27, 29]);
  });

  test("crop scales by its share first", () => {
    // 4 x 4 stays 4 x 4 (2 / 0.5), of which the middle four pixels stay.
    const { data } = preprocess(counting(4, 4), { ...plain, cropShare: 0.5 }, small);
    expect([...data]).toEqual([5, 6, 9, 10]);
  });

  test("what is seen lies in the whole picture where the cut says, and nothing is cut of what fits", () => {
    const photo = picture(
      37,
      23,
      3,
      Uint8Array.from({ length: 3 * 37 * 23 }, (_, i) => (i * 89) % 256),
    );
    const size: InputSize = { channels: 3, widthPx: 14, heightPx: 14 };
    for (const channels of ["rgb", "grey"] as const) {
      const { cut, seen } = preprocess(photo, { ...preprocessings.unit, channels }, size);
      expect(cut).toMatchObject({ part: { left: 6, top: 1, widthPx: 14, heightPx: 14 } });
      expect(crop(cut!.whole, cut!.part)).toEqual(seen);
    }
    for (const resize of ["stretch", "pad"] as const)
      expect(preprocess(photo, { ...plain, resize }, size).cut).toBeUndefined();
    expect(preprocess(counting(5, 5), plain, small).cut).toBeUndefined();
  });

  test("crop covers inputs that are not square", () => {
    const wide: InputSize = { channels: 1, widthPx: 4, heightPx: 2 };
    expect(preprocess(counting(6, 9), plain, wide).dims).toEqual([1, 1, 2, 4]);
    expect(preprocess(counting(20, 3), plain, wide).dims).toEqual([1, 1, 2, 4]);
  });

  test("stretch gives up proportions", () => {
    const { data } = preprocess(counting(8, 4), { ...plain, resize: "stretch" }, small);
    expect([...data]).toEqual([10, 14, 26, 30]);
  });

  test("pad shows the whole picture between borders of the mean", () => {
    const how: Preprocessing = { ...plain, resize: "pad", mean: [100] };
    const { data, seen } = preprocess(counting(4, 2), how, { ...small, widthPx: 4, heightPx: 4 });
    expect([...seen.data]).toEqual([
      100, 100, 100, 100, 0, 1, 2, 3, 4, 5, 6, 7, 100, 100, 100, 100,
    ]);
    expect([...data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  });

  test("a picture of the input's size is taken as it is", () => {
    const { data } = preprocess(counting(2, 2), { ...plain, cropShare: 0.5 }, small);
    expect([...data]).toEqual([0, 1, 2, 3]);
  });

  test("a mere line is refused before it fills the memory", () => {
    const line = picture(60_000, 1, 1, new Uint8Array(60_000));
    const size: InputSize = { channels: 1, widthPx: 224, heightPx: 224 };
    expect(() => preprocess(line, preprocessings.unit, size)).toThrow(
      'preprocess: a picture that is cropped must not be a mere line, got 60000 x 1. use "resize": "pad" or cut it first.',
    );
  });

  test("a share that nothing is cropped by is refused before it fills the memory", () => {
    const how = { ...preprocessings.unit, cropShare: 1 / 1000 };
    const size: InputSize = { channels: 1, widthPx: 8, heightPx: 8 };
    expect(() => preprocess(counting(6, 6), how, size)).toThrow(
      'preprocess: a picture that is cropped must not be scaled to 8000 x 8000 before, got a "cropShare" of 0.001. use a larger one.',
    );
  });
});

test.each(["nchw", "nhwc"] as const)("toPicture is preprocess backwards, %s", (layout) => {
  const source = picture(
    2,
    3,
    3,
    Uint8Array.from({ length: 18 }, (_, i) => (i * 47) % 256),
  );
  const size: InputSize = { channels: 3, widthPx: 2, heightPx: 3 };
  for (const preset of Object.values(preprocessings)) {
    const how: Preprocessing = { ...preset, layout };
    const { data, dims } = preprocess(source, how, size);
    expect(dims).toEqual(layout === "nchw" ? [1, 3, 3, 2] : [1, 3, 2, 3]);
    expect(toPicture(data, how, size)).toEqual(source);
  }
});

test("toPicture clips colours that no screen has, and refuses other sizes", () => {
  const size: InputSize = { channels: 1, widthPx: 2, heightPx: 1 };
  expect([...toPicture(Float32Array.of(-0.1, 1.7), preprocessings.unit, size).data]).toEqual([
    0, 255,
  ]);
  expect(() => toPicture(new Float32Array(3), preprocessings.unit, size)).toThrow(
    "preprocess: an input [1, 1, 1, 2] needs 2 numbers, got 3.",
  );
});

test("the arithmetic as one line a channel is that of the input", () => {
  const { data } = preprocess(orange, preprocessings.caffe, onePixel);
  const { order, gain, offset } = affineOf(preprocessings.caffe, 3);
  const values = [1, 0.4, 0];
  expect(order.map((from, c) => values[from]! * gain[c]! + offset[c]!)).toBeAllclose(data);
});

describe("inputSizeOf", () => {
  test("takes what the network says and fills in what it leaves open", () => {
    const open: Preprocessing = { ...preprocessings.unit, size: [32, 48] };
    expect(inputSizeOf(preprocessings.unit, [1, 3, 99, 77])).toEqual({
      channels: 3,
      heightPx: 99,
      widthPx: 77,
    });
    expect(inputSizeOf(open, ["N", 1, "H", -1])).toEqual({
      channels: 1,
      heightPx: 32,
      widthPx: 48,
    });
    expect(inputSizeOf(preprocessings.unit, ["N", 3, "H", "W"])).toMatchObject({ heightPx: 224 });
    const last: Preprocessing = { ...preprocessings.unit, layout: "nhwc" };
    expect(inputSizeOf(last, [1, 20, 30, 1])).toEqual({ channels: 1, heightPx: 20, widthPx: 30 });
  });

  test("refuses networks that take no pictures, and sizes that the network does not have", () => {
    expect(() => inputSizeOf(preprocessings.unit, [1, 4, 32, 32])).toThrow(
      "preprocess: a picture needs a network whose input is [N, C, H, W] with 1 or 3 channels, got [1, 4, 32, 32]. give a .npy tensor.",
    );
    expect(() => inputSizeOf(preprocessings.unit, [1, 3])).toThrow("got [1, 3]");
    const other: Preprocessing = { ...preprocessings.unit, size: [224, 299] };
    expect(() => inputSizeOf(other, [1, 3, 224, 224])).toThrow(
      'preprocess: "size" must be the network\'s width 224, got 299. leave it out.',
    );
  });
});

test("an unknown name is answered with the known ones", () => {
  expect(() => preprocessingOf("imagenet")).toThrow(
    'preprocess: the name must be one of torchvision, caffe, tf, unit, none, letterbox, yolox or a .json file, got "imagenet".',
  );
  expect(() => preprocessingOf("toString")).toThrow("preprocess: the name must be one of");
});
