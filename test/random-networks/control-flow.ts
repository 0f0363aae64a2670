/** @file If and Loop in random networks, whose graphs read values from outside. */
import type { Value } from "../../src/graph/builder.ts";
import type { Attribute, Node, ValueInfo } from "../../src/graph/graph.ts";
import type { Drawing, Step } from "./drawing.ts";
import { spreadOf } from "./layers.ts";
import { combined, mapped, means, pointwise, type Maps } from "./maps.ts";

/** What an If chooses between: products by a number, or by weights at every place. */
interface Branches {
  readonly what: string;
  readonly operator: "Mul" | "Conv";
  /** For either branch. */
  readonly weights: readonly (readonly number[])[];
  readonly dims: readonly number[];
  compute(x: Maps, weights: readonly number[]): Maps;
}

function branchesOf(d: Drawing, { channels }: Maps): Branches {
  if (d.planted || d.chance(0.5)) {
    return {
      what: "factors",
      operator: "Mul",
      weights: d.between(2, 0.5, 2).map((factor) => [factor]),
      dims: [],
      compute: (x, [factor]) => mapped(x, (value) => value * factor!),
    };
  }
  return {
    what: "convolutions",
    operator: "Conv",
    weights: [0, 1].map(() => d.weights(channels * channels, 1 / Math.sqrt(channels))),
    dims: [channels, channels, 1, 1],
    compute: (x, weights) => pointwise(x, weights, channels),
  };
}

/** Two branches that read the value from outside; a constant or the picture chooses. */
export function chosen(d: Drawing, x: Maps): Step {
  const branches = branchesOf(d, x);
  const isConstant = d.chance(0.5);
  const mean = means(x).reduce((sum, value) => sum + value, 0) / x.channels;
  const isThen = d.chance(0.5);
  const [limit] = d.exact([mean + (isThen ? -1 : 1) * Math.max(spreadOf(x), 0.1)]) as [number];
  if (!isConstant) d.hasControlFlow = true;
  return {
    what: `if (${branches.what}, ${isConstant ? "constant" : "by the picture"})`,
    compute: (maps) => branches.compute(maps, branches.weights[isThen ? 0 : 1]!),
    write: (p, value) => {
      const condition = isConstant
        ? p.b.constant([isThen ? 1 : 0], [], "bool")
        : p.op("Greater", [p.b.reduceMean(value, [0, 1, 2, 3], false), p.scalar(limit)]);
      const stand = p.op("Mul", [value, p.scalar(1)], {}, `choose ${p.b.nodes.length}`);
      const [yes, no] = branches.weights.map((numbers, i) => {
        const read = [value, p.weights(numbers, branches.dims)];
        return graphOf(`${stand.name}/${i}`, [], [[branches.operator, read.map(nameOf)]], value);
      });
      const attributes = { then_branch: yes!, else_branch: no! };
      return p.replace(stand, { operator: "If", inputs: [condition.name], attributes });
    },
  };
}

/** A Loop of two rounds, each of which adds a share of a value outside. */
export function repeated(d: Drawing): Step {
  const [share] = d.between(1, 0.1, 0.5) as [number];
  d.hasControlFlow = true;
  return {
    what: "loop",
    compute: (x) =>
      combined(
        x,
        mapped(x, (value) => 2 * share * value),
        (a, b) => a + b,
      ),
    write: (p, value) => {
      const factor = p.weights([share], []);
      const rounds = p.b.constant([2], [], "int64");
      const going = p.b.constant([1], [], "bool");
      const stand = p.op("Mul", [value, p.scalar(1)], {}, `repeat ${p.b.nodes.length}`);
      const name = (what: string) => `${stand.name}/${what}`;
      const inputs: readonly ValueInfo[] = [
        { name: name("round"), type: "int64", dims: [] },
        { name: name("going"), type: "bool", dims: [] },
        { name: name("sum"), type: value.type, dims: undefined },
      ];
      const body = graphOf(
        stand.name,
        inputs,
        [
          ["Identity", [name("going")]],
          ["Mul", [value.name, factor.name]],
          ["Add", [name("sum"), `${stand.name}/1/y`]],
        ],
        value,
      );
      return p.replace(stand, {
        operator: "Loop",
        inputs: [rounds.name, going.name, value.name],
        attributes: { body },
      });
    },
  };
}

const nameOf = ({ name }: Value) => name;

/** A graph of nodes whose outputs are numbered; its own are the last, and the first too where there are inputs. */
function graphOf(
  name: string,
  inputs: readonly ValueInfo[],
  steps: readonly (readonly [operator: string, inputs: readonly string[]])[],
  { type }: Value,
): Attribute {
  const nodes = steps.map(([operator, read], i): Node => ({
    name: `${name}/${i}`,
    operator,
    domain: "",
    inputs: read,
    outputs: [`${name}/${i}/y`],
    attributes: {},
  }));
  const last: ValueInfo = { name: `${name}/${nodes.length - 1}/y`, type, dims: undefined };
  const first: ValueInfo = { name: `${name}/0/y`, type: "bool", dims: [] };
  const outputs = inputs.length > 0 ? [first, last] : [last];
  const [initializers, shapes, metadata] = [new Map(), new Map(), new Map()];
  return { kind: "graph", value: { name, inputs, outputs, nodes, initializers, shapes, metadata } };
}
