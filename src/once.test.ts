import { expect, test } from "vitest";
import { OnceEach } from "./once.ts";

test("a value is made once for each object and key", async () => {
  const values = new OnceEach<object, number>();
  const [first, second] = [{}, {}];
  let made = 0;
  const make = () => Promise.resolve(++made);
  const asked = [
    values.get(first, "a", make),
    values.get(first, "a", make),
    values.get(first, "b", make),
    values.get(second, "a", make),
  ];
  expect(await Promise.all(asked)).toEqual([1, 1, 2, 3]);
  expect(await values.get(second, "a", make)).toBe(3);
});

test("what failed is made again, and all who waited for it hear why it did", async () => {
  const values = new OnceEach<object, number>();
  const owner = {};
  const fail = () => Promise.reject(new Error("no network"));
  const asked = [values.get(owner, "a", fail), values.get(owner, "a", () => Promise.resolve(1))];
  for (const each of asked) await expect(each).rejects.toThrow("no network");
  expect(await values.get(owner, "a", () => Promise.resolve(2))).toBe(2);
});
