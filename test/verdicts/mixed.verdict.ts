/** @file Every way in which a test can end. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

test("passes", () => {
  expect(1 + 1).toBe(2);
});

test("fails", () => {
  expect(1 + 1).toBe(3);
});

test("fails because something was said on the console", () => {
  console.warn("meant to fail");
});

test("passes although an earlier test said something", () => {
  expect([1]).toBeAllclose([1]);
});

test.skip("is skipped", () => {});

describe("fails after its test has passed", () => {
  afterAll(() => {
    throw new Error("meant to fail");
  });
  test("passes", () => {
    expect(true).toBe(true);
  });
});

describe("fails before its test, which is skipped", () => {
  beforeAll(() => {
    throw new Error("meant to fail");
  });
  test("is skipped", () => {
    expect(true).toBe(true);
  });
});
