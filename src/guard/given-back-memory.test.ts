import { expect, test } from "vitest";
import { givingBack } from "./given-back-memory.ts";

test("a process gives memory back from 1 MiB on, unless its user says otherwise", () => {
  expect(givingBack({ HOME: "/" })).toEqual({ HOME: "/", MALLOC_MMAP_THRESHOLD_: "1048576" });
  const own = { MALLOC_MMAP_THRESHOLD_: "65536" };
  expect(givingBack(own)).toEqual(own);
});
