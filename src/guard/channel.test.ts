import * as fc from "fast-check";
import { expect, test } from "vitest";
import { guardReader, type GuardMessage } from "./channel.ts";

const message = fc.record({
  kind: fc.constant("text" as const),
  text: fc.string({ unit: "binary" }),
});

test("messages arrive whole, wherever the pipe cuts them, and half a line is none", () => {
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.nat(40)), fc.string(), (sent, cuts, torn) => {
      const half = `{"kind":"text","text":"${torn.replaceAll(/["\\\n]/g, "")}`;
      const lines = [half, ...sent.map((one) => JSON.stringify(one)), ""].join("\n");
      const bytes = new TextEncoder().encode(lines);
      const heard: GuardMessage[] = [];
      const read = guardReader((one) => heard.push(one));
      let from = 0;
      for (const size of cuts) {
        read(bytes.subarray(from, from + size));
        from += size;
      }
      read(bytes.subarray(from));
      expect(heard).toEqual(sent.map((one) => JSON.parse(JSON.stringify(one)) as GuardMessage));
    }),
  );
});
