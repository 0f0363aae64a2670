import { array, assert, boolean, integer, property } from "fast-check";
import { expect, test } from "vitest";
import type { StudyNetwork } from "../network.ts";
import { filtersPart } from "./part.ts";

const network = { source: { what: "a network", sha256: "0" } } as unknown as StudyNetwork;

test("the part says of how many layers it shows how many filters, whatever network it is of", () => {
  const channels = array(integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 8 });
  assert(
    property(channels, boolean(), (counts, quick) => {
      const layers = counts.map((count, i) => ({ name: `conv${i}`, channels: count }));
      const { lead, sections } = filtersPart({ network, layers, quick, sidePx: 64 });
      expect(sections).toHaveLength(layers.length + 1);
      const of = layers.length === 1 ? "one layer" : `each of ${layers.length} layers`;
      expect(lead).toContain(`up to ${quick ? 16 : 64} filters of ${of},`);
    }),
  );
});
