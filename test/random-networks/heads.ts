/** @file Ends of random networks: what each gives, what is right to say of it, and how it is written. */
import type { Drawing } from "./drawing.ts";
import { dense, means, type Maps } from "./maps.ts";
import { boxes, segmentation } from "./placed-heads.ts";
import type { Head, Question } from "./question.ts";
import {
  densely,
  end,
  pooledRow,
  ranges,
  row,
  shares,
  sigmoid,
  sigmoids,
  softmax,
  softmaxes,
} from "./rows.ts";

/** Two classes by the means of channels, of which the first is channel 0. */
export function plantedHead(d: Drawing, x: Maps): Head {
  const weights = [1, ...Array<number>(x.channels - 1).fill(0), ...d.weights(x.channels, 1)];
  const bias = d.weights(2, 0.3);
  const [what, spelling] = d.of(...Object.entries(softmaxes));
  const logits = (maps: Maps) => dense(means(maps), weights, bias);
  return {
    what,
    write: (p, value) =>
      end(p, spelling.write(p, densely(p, pooledRow(p, value, "mean"), weights, bias)), "y"),
    outputs: (maps) => ({ y: spelling.compute(shares(logits(maps)), logits(maps)) }),
    questions: [
      {
        target: 0,
        score: (maps) => logits(maps)[0]!,
        probability: (maps) => shares(logits(maps))[0]!,
      },
    ],
  };
}
const top = (numbers: readonly number[]) => numbers.indexOf(Math.max(...numbers));

function classes(d: Drawing, x: Maps): Head {
  const units = 2 + d.below(5);
  const logits = row(d, x, units);
  const [what, spelling] = d.of(...Object.entries(softmaxes));
  const ask = (target: number): Question => ({
    target,
    score: (maps) => logits.compute(maps)[target]!,
    probability: (maps) => shares(logits.compute(maps))[target]!,
  });
  return {
    what,
    write: (p, value) => end(p, spelling.write(p, logits.write(p, value)), "y"),
    outputs: (maps) => {
      const numbers = logits.compute(maps);
      return { y: spelling.compute(shares(numbers), numbers) };
    },
    questions: [ask(top(logits.compute(x))), ask(d.below(units))],
  };
}

/** The mean of two softmaxes: its numbers are probabilities themselves. */
function mixture(d: Drawing, x: Maps): Head {
  const units = 2 + d.below(4);
  const [one, other] = [row(d, x, units), row(d, x, units)];
  const mixed = (maps: Maps) => {
    const [p, q] = [shares(one.compute(maps)), shares(other.compute(maps))];
    return p.map((share, i) => (share + q[i]!) / 2);
  };
  const ask = (target: number): Question => ({
    target,
    score: (maps) => mixed(maps)[target]!,
    probability: (maps) => mixed(maps)[target]!,
  });
  return {
    what: "mean of two softmaxes",
    write: (p, value) => {
      const both = [one, other].map((each) => softmax(p, each.write(p, value)));
      const sum = p.op("Add", both);
      end(p, p.of(p.op("Mean", both), p.op("Mul", [sum, p.scalar(0.5)])), "y");
    },
    outputs: (maps) => ({ y: mixed(maps) }),
    questions: [ask(top(mixed(x))), ask(d.below(units))],
  };
}
function yesOrNo(d: Drawing, x: Maps): Head {
  const logit = row(d, x, 1);
  const [what, { write, compute }] = d.of(...Object.entries(sigmoids));
  const ask = (target: number, sign: number): Question => ({
    target,
    score: (maps) => sign * logit.compute(maps)[0]!,
    probability: (maps) => sigmoid(sign * logit.compute(maps)[0]!),
  });
  return {
    what: `one ${what}`,
    write: (p, v) => end(p, write(p, logit.write(p, v)), "y"),
    outputs: (maps) => ({ y: logit.compute(maps).map((z) => compute(sigmoid(z))) }),
    questions: [ask(0, -1), ask(1, 1)],
  };
}

function labels(d: Drawing, x: Maps): Head {
  const units = 2 + d.below(4);
  const logits = row(d, x, units);
  const [what, { write, compute }] = d.of(...Object.entries(sigmoids));
  const target = d.below(units);
  return {
    what: `several of ${what}`,
    write: (p, v) => end(p, write(p, logits.write(p, v)), "y"),
    outputs: (maps) => ({ y: logits.compute(maps).map((z) => compute(sigmoid(z))) }),
    questions: [
      {
        target,
        score: (maps) => logits.compute(maps)[target]!,
        probability: (maps) => sigmoid(logits.compute(maps)[target]!),
      },
    ],
  };
}

function value(d: Drawing, x: Maps): Head {
  const number = row(d, x, 1, d.of(1, 3));
  const [what, { write, compute }] = d.of(...Object.entries(ranges));
  const score = (maps: Maps) => compute(number.compute(maps)[0]!);
  return {
    what,
    write: (p, v) => end(p, write(p, number.write(p, v)), "y"),
    outputs: (maps) => ({ y: [score(maps)] }),
    questions: [{ target: 0, score, probability: () => null }],
  };
}

/** One sigmoid, and what is left to 1: the numbers are probabilities themselves. */
function sides(d: Drawing, x: Maps): Head {
  const logit = row(d, x, 1);
  const both = (maps: Maps) => [-1, 1].map((sign) => sigmoid(sign * logit.compute(maps)[0]!));
  const target = d.below(2);
  return {
    what: "both sides of a sigmoid",
    write: (p, v) => {
      const share = p.op("Sigmoid", [logit.write(p, v)]);
      end(p, p.op("Concat", [p.op("Sub", [p.scalar(1), share]), share], { axis: 1 }), "y");
    },
    outputs: (maps) => ({ y: both(maps) }),
    questions: [
      { target, score: (maps) => both(maps)[target]!, probability: (maps) => both(maps)[target]! },
    ],
  };
}

/** A vector of length 1. */
function embedding(d: Drawing, x: Maps): Head {
  const units = 3 + d.below(4);
  const numbers = row(d, x, units);
  const target = d.below(units);
  const unit = (maps: Maps) => {
    const long = numbers.compute(maps);
    const length = Math.sqrt(long.reduce((sum, v) => sum + v * v, 0));
    return long.map((v) => v / length);
  };
  return {
    what: "embedding",
    write: (p, v) => {
      const long = numbers.write(p, v);
      const byHand = () =>
        p.op("Div", [long, p.op("Sqrt", [p.b.reduceSum(p.op("Mul", [long, long]), [1])])]);
      const byLength = () => p.op("Div", [long, p.op("ReduceL2", [long, p.b.ints([1])])]);
      const direct = () => p.op("LpNormalization", [long], { axis: 1, p: 2 });
      end(p, p.of(byHand, byLength, direct)(), "y");
    },
    outputs: (maps) => ({ y: unit(maps) }),
    questions: [{ target, score: (maps) => unit(maps)[target]!, probability: () => null }],
  };
}

/** An answer, a value and classes; the deepest, or the first of equals, is explained unless one is named. */
function several(d: Drawing, x: Maps): Head {
  const [answer, number, logits] = [row(d, x, 1), row(d, x, 1, 20), row(d, x, 3)];
  const target = d.below(3);
  const named = (output: string, question: Omit<Question, "named">): Question => ({
    ...question,
    named: output,
  });
  return {
    what: "three heads",
    write: (p, v) => {
      end(p, p.op("Sigmoid", [answer.write(p, v)]), "sex");
      end(p, number.write(p, v), "age");
      end(p, p.op("Softmax", [logits.write(p, v)], { axis: -1 }), "kind");
    },
    outputs: (maps) => ({
      sex: answer.compute(maps).map(sigmoid),
      age: number.compute(maps),
      kind: shares(logits.compute(maps)),
    }),
    questions: [
      named("age", { target: 0, score: (m) => number.compute(m)[0]!, probability: () => null }),
      named("sex", {
        target: 1,
        score: (m) => answer.compute(m)[0]!,
        probability: (m) => sigmoid(answer.compute(m)[0]!),
      }),
      named("kind", {
        target,
        score: (m) => logits.compute(m)[target]!,
        probability: (m) => shares(logits.compute(m))[target]!,
      }),
    ],
  };
}

/** A head for maps; of classes more often than any other. */
export function head(d: Drawing, x: Maps): Head {
  const isPlaced = x.rows > 1 && x.columns > 1;
  const ofPlaces = isPlaced && x.rows * x.columns <= 400 ? [segmentation, boxes] : [];
  return d.of(
    classes,
    classes,
    classes,
    mixture,
    yesOrNo,
    labels,
    value,
    value,
    sides,
    embedding,
    several,
    ...ofPlaces,
  )(d, x);
}
