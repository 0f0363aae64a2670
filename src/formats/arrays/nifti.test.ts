import * as fc from "fast-check";
import { gzipSync } from "fflate";
import { expect, test } from "vitest";
import { LimpidError } from "../../errors.ts";
import { niftiFile, niftiTypes, type NiftiForm } from "../../../test/nifti-file.ts";
import { readArray } from "./index.ts";
import { decodeNifti } from "./nifti.ts";

const forms: fc.Arbitrary<NiftiForm> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
  type: fc.constantFrom(...niftiTypes),
  version: fc.constantFrom(1 as const, 2 as const),
  isLittle: fc.boolean(),
  slope: fc.constantFrom(0, 1, 0.5, -2),
  intercept: fc.constantFrom(0, 10, -1024),
});

test("volumes of every kind of number, order of bytes and version are read, scaled", () => {
  fc.assert(
    fc.property(forms, fc.boolean(), (form, isPacked) => {
      const file = niftiFile(form);
      const read = decodeNifti(isPacked ? gzipSync(file) : file, "a.nii");
      const [w = 1, h = 1, d = 1, t = 1] = form.sizes;
      expect(read.dims).toEqual(t > 1 ? [t, d, h, w] : [d, h, w]);
      const factor = form.slope === 0 ? 1 : form.slope;
      const added = form.slope === 0 ? 0 : form.intercept;
      expect(read.data).toEqual(
        Float32Array.from({ length: w * h * d * t }, (_, i) => (i % 100) * factor + added),
      );
    }),
    { numRuns: 300 },
  );
});

const plain: NiftiForm = {
  sizes: [4, 3, 2],
  type: "float32",
  version: 1,
  isLittle: true,
  slope: 0,
  intercept: 0,
};

test("where axes grow to is said as nibabel says it, and nothing is turned", () => {
  const affine = [
    [-2, 0, 0, 90],
    [0, 0, 3, -126],
    [0, -2.5, 0, -72],
  ];
  const read = decodeNifti(niftiFile({ ...plain, affine, spacing: [2, 2.5, 3] }), "a.nii");
  // nibabel.aff2axcodes gives L, I, A for the file's axes.
  expect(read.place).toEqual({ spacing: [3, 2.5, 2], unit: "mm", towards: ["A", "I", "L"] });
  expect(read.notes).toEqual([
    "axes are [slice, row, column] as in the file, growing to anterior, inferior, left; nothing is turned",
  ]);
});

test("an oblique volume takes the nearest directions; a quaternion says the same as a matrix", () => {
  const turned = [
    [0.9, -0.3, 0.1, 0],
    [0.3, 0.9, 0.2, 0],
    [-0.1, -0.2, 0.95, 0],
  ];
  expect(decodeNifti(niftiFile({ ...plain, affine: turned }), "a.nii").place?.towards).toEqual([
    "S",
    "A",
    "R",
  ]);
  // A half turn around the third axis.
  expect(
    decodeNifti(niftiFile({ ...plain, quaternion: [0, 0, 1] }), "a.nii").place?.towards,
  ).toEqual(["S", "P", "L"]);
  expect(
    decodeNifti(niftiFile({ ...plain, quaternion: [0, 0, 0], isMirrored: true }), "a.nii").place
      ?.towards,
  ).toEqual(["I", "A", "R"]);
  expect(decodeNifti(niftiFile(plain), "a.nii").place?.towards).toBeUndefined();
});

function changed(at: number, ...bytes: readonly number[]): Uint8Array {
  const file = niftiFile(plain).slice();
  file.set(bytes, at);
  return file;
}

test.each([
  ["a pair of files", changed(344, 0x6e, 0x69, 0x31), /\.img/],
  ["ANALYZE", changed(344, 0, 0, 0), /ANALYZE/],
  ["complex numbers", changed(70, 32, 0), /complex numbers/],
  ["colours", changed(70, 128, 0), /colours/],
  ["a kind that there is not", changed(70, 99, 0), /data type 99/],
  ["no axes", changed(40, 0, 0), /1 to 7 axes/],
  ["a negative side", changed(42, 0xff, 0xff), /1 to 7 axes/],
  ["numbers in the header", changed(108, 0, 0, 0, 0), /behind the header/],
  ["numbers at no place", changed(108, 0, 0, 0xc0, 0x7f), /behind the header/],
  [
    "sides of thousands of millions",
    changed(42, 0xff, 0x7f, 0xff, 0x7f, 0xff, 0x7f),
    /at most 134 million/,
  ],
  ["two axes more", changed(40, 5, 0, 4, 0, 3, 0, 2, 0, 2, 0, 2, 0), /at most one axis/],
  ["a cut file", niftiFile(plain).subarray(0, 360), /must hold 96 bytes/],
  ["a cut header", niftiFile(plain).subarray(0, 100), /whole header/],
  ["nothing", new Uint8Array(0), /whole header/],
])("%s is refused by name", (_, file, message) => {
  expect(() => decodeNifti(file, "scan.nii")).toThrow(LimpidError);
  expect(() => decodeNifti(file, "scan.nii")).toThrow(message);
});

test("DICOM is refused by name, and told what to do", () => {
  const file = new Uint8Array(200);
  file.set([0x44, 0x49, 0x43, 0x4d], 128);
  expect(() => readArray(file, "slice.dcm")).toThrow(
    /got a DICOM file\. convert the series to NIfTI/,
  );
});

test("cut and changed files are refused or read, and nothing else", () => {
  const files = [
    niftiFile(plain),
    niftiFile({ ...plain, version: 2, isLittle: false }),
    gzipSync(niftiFile(plain)),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      (file, share, byte, isCut) => {
        const at = Math.min(Math.floor(share * file.length), file.length - 1);
        try {
          decodeNifti(isCut ? file.slice(0, at) : file.with(at, byte), "a.nii");
        } catch (error) {
          expect(error).toBeInstanceOf(LimpidError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
