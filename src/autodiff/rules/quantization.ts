/** @file Gradient rules of linear quantisation: rounding is passed straight through. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { NodeView, RuleTable } from "../rule.ts";

/** How the parameters (scale and zero point) lie over x: one for all, one a slice of an axis, or one a block of it. */
interface Layout {
  readonly axis: number;
  /** 0 where every slice has its own parameter. */
  readonly block: number;
}

function layoutOf(n: NodeView): Layout | undefined {
  if (elementCount(n.in(1).dims) === 1) return undefined;
  return {
    axis: positiveAxis(n.int("axis", 1), n.in(0).dims.length),
    block: n.int("block_size", 0),
  };
}

/** A parameter as a value that broadcasts to x. */
function spread(n: NodeView, b: GraphBuilder, parameter: Value): Value {
  const { dims } = n.in(0);
  const layout = layoutOf(n);
  if (!layout) return b.reshape(parameter, []);
  const { axis, block } = layout;
  if (block === 0) {
    return b.reshape(
      parameter,
      dims.map((dim, i) => (i === axis ? dim : 1)),
    );
  }
  const blocks = parameter.dims[axis]!;
  const split = parameter.dims.toSpliced(axis + 1, 0, 1);
  const repeated = b.expand(b.reshape(parameter, split), split.with(axis + 1, block));
  const whole = b.reshape(repeated, dims.with(axis, blocks * block));
  return blocks * block === dims[axis] ? whole : b.slice(whole, [0], [dims[axis]!], [axis]);
}

/** The gradient of a parameter from that of its spread form: the reverse of `spread`. */
function collapse(n: NodeView, b: GraphBuilder, gradient: Value): Value {
  const { dims } = gradient;
  const layout = layoutOf(n);
  if (!layout)
    return b.reshape(
      b.reduceSum(
        gradient,
        dims.map((_, i) => i),
      ),
      n.in(1).dims,
    );
  const { axis, block } = layout;
  if (block === 0) {
    const others = dims.map((_, i) => i).filter((i) => i !== axis);
    return b.reshape(b.reduceSum(gradient, others), n.in(1).dims);
  }
  const blocks = n.in(1).dims[axis]!;
  const missing = blocks * block - dims[axis]!;
  const pads = [...dims.map(() => 0), ...dims.map((_, i) => (i === axis ? missing : 0))];
  const whole = missing === 0 ? gradient : b.op("Pad", [gradient, b.ints(pads)]);
  const split = dims.toSpliced(axis, 1, blocks, block);
  return b.reduceSum(b.reshape(whole, split), [axis + 1], false);
}

/** x - zero point, as floats. */
function centered(n: NodeView, b: GraphBuilder, levels: Value): Value {
  const type = n.in(1).type;
  const values = b.cast(levels, type);
  return n.hasIn(2) ? b.sub(values, b.cast(spread(n, b, n.in(2)), type)) : values;
}

export const quantization = {
  // y = (x - zero) scale; dx = dy scale, as a float gradient of the whole number x; dscale = dy (x - zero)
  DequantizeLinear: (n, b) => [
    n.needs(0) ? b.mul(n.grad(0), spread(n, b, n.in(1))) : null,
    n.needs(1) ? collapse(n, b, b.mul(n.grad(0), centered(n, b, n.in(0)))) : null,
  ],
  // y = saturate(round(x / scale) + zero), taken for x / scale where it does not saturate (Bengio et al. 2013,
  // arXiv 1308.3432): dx = dy / scale, dscale = -dy x / scale^2; both 0 where y saturates
  QuantizeLinear: (n, b) => {
    const scale = spread(n, b, n.in(1));
    const ratio = b.div(n.in(0), scale);
    const inside = b.op("Equal", [b.op("Round", [ratio]), centered(n, b, n.out(0))]);
    const zero = b.scalar(0, n.grad(0).type);
    const dx = b.where(inside, b.div(n.grad(0), scale), zero);
    return [dx, n.needs(1) ? collapse(n, b, b.neg(b.mul(dx, ratio))) : null];
  },
} satisfies RuleTable;
