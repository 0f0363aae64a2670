import { describe, expect, test } from "vitest";
import { optionValues } from "../wording/read-option.ts";
import { gradient } from "./gradient/gradient.ts";
import { gradientInfo } from "./gradient/infos.ts";
import { attributionMethods } from "./index.ts";
import type { AttributionMethod } from "./method.ts";
import { attributionMethod, methodEntries, optionsOfMethods, registerMethod } from "./registry.ts";

const power = { kind: "number", range: { over: 0 }, default: 2, description: "power" } as const;
const method: AttributionMethod = {
  info: { ...gradientInfo, options: { power } },
  run: gradient,
};

test("a registered method is found, listed with its options, and can be taken away", () => {
  const remove = registerMethod("my-method", method);
  expect(attributionMethod("my-method").info).toBe(method.info);
  expect(methodEntries().at(-1)).toMatchObject(["my-method", { info: method.info }]);
  expect(optionsOfMethods().get("power")).toMatchObject({ takers: ["my-method"] });
  remove();
  expect(() => attributionMethod("my-method")).toThrow(/^method: the name must be one of gradient/);
  expect(optionsOfMethods().has("power")).toBe(false);
});

describe("registering is refused", () => {
  const other = (option: object) =>
    ({ ...method, info: { ...method.info, options: { power: option } } }) as AttributionMethod;
  test.each<[string, string, unknown, RegExp]>([
    ["a taken name", "lime", method, /a name of its own, got "lime"/],
    ["an ill-formed name", "My method", method, /small letters .*, got "My method"/],
    ["a name for all", "all", method, /a name of its own, got "all"/],
    ["no work", "mine", { info: method.info }, /got none of run/],
    ["no description", "mine", { run: gradient }, /none of info\.title, .*info\.options/],
    ["an unknown kind", "mine", other({ ...power, kind: "range" }), /kinds .*, got "range"/],
    ["a default out of range", "mine", other({ ...power, default: -1 }), /the default -1/],
    [
      "a known option of another kind",
      "mine",
      { ...method, info: { ...method.info, options: { layer: power } } },
      /"layer" of "mine" must be of the kind text/,
    ],
  ])("%s", (_, name, wrong, message) => {
    expect(() => registerMethod(name, wrong as AttributionMethod)).toThrow(
      expect.objectContaining({ code: "bad-option", message: expect.stringMatching(message) }),
    );
  });
});

test("every option of the table has a default that it can hold", () => {
  for (const [name, { info }] of Object.entries<AttributionMethod>(attributionMethods)) {
    const values = optionValues(info.options, {});
    expect(() => optionValues(info.options, values), name).not.toThrow();
  }
});
