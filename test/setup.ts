/** @file Before every test file: our matchers, and no unexpected word on the console. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import "./matchers.ts";

beforeEach(() => {
  vi.spyOn(console, "warn");
  vi.spyOn(console, "error");
});

afterEach(() => {
  expect(vi.mocked(console.warn).mock.calls, "console.warn was called").toEqual([]);
  expect(vi.mocked(console.error).mock.calls, "console.error was called").toEqual([]);
  vi.restoreAllMocks();
});
