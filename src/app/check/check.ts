/** @file Checks a network against itself: what it is taken for, whether it is computed rightly, and what can be asked of it. */
import { inputKindOf } from "../attribute/part-runs.ts";
import { distance, forwardTolerance } from "../../attribution/check/first-difference.ts";
import { PlainNetwork } from "../../attribution/check/plain-network.ts";
import {
  checkedText,
  roundedUp,
  selfCheck,
  type SelfCheck,
} from "../../attribution/check/self-check.ts";
import { requireNumbers } from "../../attribution/diagnosis/first-nan.ts";
import { usualCamLayer } from "../../attribution/cam/cam-layer.ts";
import { scoreRows, type ScoredRow } from "../../attribution/perturbation/scored-rows.ts";
import { targetKindOf, type AskedKinds } from "../../attribution/require-takes.ts";
import { missingRules } from "../../autodiff/path.ts";
import { isFailure, LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { hasAnyWeights, hasTrait } from "../../graph/operators.ts";
import { inFile } from "../../graph/file-axes.ts";
import { takenFor } from "../../graph/input-parts.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import { choosePreprocessing, rangesOf } from "../../network/choose-preprocessing.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { placeAxesOf } from "../../scores/channel-axis.ts";
import type { ExplainedModel } from "../../scores/explained-model.ts";
import { meantTarget } from "../../scores/meant-target.ts";
import { explainedOn } from "../../scores/picture-target.ts";
import type { Target } from "../../scores/target.ts";
import { explainedRegionText, targetText } from "../../scores/target-text.ts";
import { wordsOf } from "../../wording/face.ts";
import { formatNumber, formatProbability } from "../../wording/numbers.ts";
import type { ClassNames } from "../attribute/findings.ts";
import type { JobContext } from "../context.ts";
import { heldOptions } from "../given-inputs.ts";
import { headOptions } from "../head-options.ts";
import { explainedHead } from "../inspect.ts";
import { readLabels } from "../labels.ts";
import { openNetwork, readyModel } from "../open.ts";
import { readSource } from "../read-source.ts";
import { tellAssumptions } from "../source.ts";
import { methodVerdicts } from "./methods.ts";
import type { CheckRequest } from "./request.ts";
import type { CheckFinding, CheckRecord } from "./schema.ts";

/** What a network is checked with. */
interface Checked {
  readonly explained: ExplainedModel;
  readonly model: Model;
  /** Names of the classes. */
  readonly names: ClassNames;
  readonly traced: Graph;
  /** [1, C, H, W]. */
  readonly picture: Tensor;
  readonly row: ScoredRow;
  readonly context: JobContext;
}

/** Checks a network; what is wrong is a finding. Throws `LimpidError` for a network or picture that cannot be read or run. */
export async function check(request: CheckRequest, context: JobContext): Promise<CheckRecord> {
  const { platform } = context;
  const graph = await openNetwork(request.model, context);
  const runtime = await platform.openRuntime(request.runtime);
  try {
    const opened = await readyModel(graph, runtime, context, {
      ...headOptions(request),
      ...(await heldOptions(platform, graph, request)),
    });
    const { input, preparation } = await inputOf(opened, request, context);
    requireFinite(input);
    const named = runDims(opened, input.dims);
    const { names } = await readLabels(platform, undefined, opened, named);
    const asked = await checkedTarget(opened, input.dims);
    const target = await meantTarget(opened, asked, input.dims, names ? { names } : {});
    const explained = await explainedOn(opened, target, input);
    const { model, notes } = explained;
    for (const note of notes) context.onNote?.(note);
    const traced = await model.at(runDims(model, input.dims));
    const [row] = await scoreRows(model, input, { targets: "top" });
    const kinds: AskedKinds = {
      input: inputKindOf(opened.parts),
      target: targetKindOf(target, explained),
    };
    const checked: Checked = {
      explained,
      model,
      names,
      traced,
      picture: input,
      row: row!,
      context,
    };
    return {
      model: request.model,
      runtime: runtime.name,
      input: inputRecord(opened, input),
      explained: explainedHead(opened.head),
      picture: request.input ?? null,
      preparation,
      answer: answerText(checked, target),
      findings: await findingsOf(checked, request),
      ...(await layersOf(checked)),
      missing: missingRules(traced, { of: model.explained, wrt: [model.input.name] }).map(
        ({ operator, node }) => ({ operator, node }),
      ),
      methods: await methodVerdicts(explained, input, { target: row!.target, kinds }, context),
      asked: kinds,
    };
  } finally {
    await runtime.release();
  }
}

/** What is fed, and how the file has its inputs. */
function inputRecord(opened: Model, fed: Tensor): CheckRecord["input"] {
  const { parts } = opened;
  return {
    name: inputName(opened),
    shape: [...fed.dims],
    layout: inFile(parts[0]!).axes.at(-1) === "C" ? "channels last" : "channels first",
    parts: parts.map((part) => ({
      name: part.name,
      takenFor: takenFor({ ...part, ...inFile(part) }),
    })),
  };
}

/** The inputs of the file. */
function inputName({ parts }: Model): string {
  return parts.map(({ name }) => name).join(" + ");
}

/** The preferred class; of numbers of many boxes the first one. */
async function checkedTarget(model: Model, dims: readonly number[]): Promise<Target> {
  const { output, kind } = model.head;
  // Noise shows no object, but there is a best box of all.
  if (kind === "boxes") return { kind: "box", box: 0, confidence: 0 };
  if (kind !== "items") return { kind: "class", class: "top" };
  const traced = await model.whole(runDims(model, dims));
  const shape = traced.shapes.get(output)!.dims;
  const place = placeAxesOf(shape).map(() => 0);
  return { kind: "unit", layer: output, channel: 0, place };
}

function requireFinite({ data }: Tensor): void {
  const odd = (data as Float32Array).find((value) => !Number.isFinite(value));
  if (odd === undefined) return;
  throw new LimpidError(
    "bad-file",
    `check: the input must be finite numbers, got ${odd}. check the file.`,
  );
}

interface CheckInput {
  readonly input: Tensor;
  readonly preparation: string;
}

/** The picture, or noise between black and white, and how pictures are prepared. */
async function inputOf(
  model: Model,
  request: CheckRequest,
  context: JobContext,
): Promise<CheckInput> {
  if (request.input !== undefined) {
    const source = await readSource(context.platform, model, request.input, request);
    model.requirePictures(source.input);
    tellAssumptions(source, context);
    const { dims, data } = source.input;
    const size = data.length / dims[0]!;
    const first = (data as Float32Array).slice(0, size);
    const input = tensor("float32", [1, ...dims.slice(1)], first);
    const by = source.chosen?.chosenBy;
    return { input, preparation: preparationText(source.how?.name, by) };
  }
  const dims = [1, ...model.inputDims().slice(1)];
  const [first, ...others] = model.parts;
  if (others.length > 0 || first!.kind !== "picture") {
    const input = noise(dims, [{ min: 0, max: 1 }]);
    return { input, preparation: "none: numbers from 0 to 1 are fed as they are" };
  }
  const { how, chosenBy } = await choosePreprocessing(model, undefined);
  return {
    input: noise(dims, rangesOf(how, dims[1]) ?? [{ min: 0, max: 1 }]),
    preparation: preparationText(how.name, chosenBy),
  };
}

const saidBy = {
  request: "as asked for",
  metadata: "the file says so",
  beside: "a file beside the model says so",
  graph: "the network's first nodes say so",
  boxes: "assumed by the layout of its boxes",
  pictures: "the picture fits it best",
  default: "nothing says how; assumed",
} as const;

function preparationText(name: string | undefined, by: keyof typeof saidBy | undefined): string {
  if (by === undefined) return "none: the tensor is fed as it is";
  return `${name ?? "its own"} (${saidBy[by]})`;
}

function noise(
  dims: readonly number[],
  ranges: readonly { readonly min: number; readonly max: number }[],
): Tensor {
  const random = randomStream("check", ...dims);
  const places = dims[2]! * dims[3]!;
  const data = Float32Array.from({ length: dims[1]! * places }, (_, i) => {
    const { min, max } = ranges[Math.floor(i / places) % ranges.length]!;
    return min + (max - min) * random.uniform();
  });
  return tensor("float32", dims, data);
}

function answerText({ explained, names, row }: Checked, target: Target): string {
  const { head, marks } = explained;
  const { kind, output } = head;
  if (marks?.region && target.kind === "region") {
    const what = explainedRegionText(target, marks.region, head);
    return `${what}, ${row.scoreName} ${formatNumber(row.score)}`;
  }
  if (kind === "boxes") return `the best box has the ${row.scoreName} ${formatNumber(row.score)}`;
  if (kind === "items") return `number 0 of the first box is ${formatNumber(row.score)}`;
  if (kind === "values" || kind === "embedding")
    return `number ${row.target} is the largest, ${formatNumber(row.score)}`;
  if (kind === "value") return `the value "${output}" is ${formatNumber(row.score)}`;
  const name = targetText({ kind: "class", class: row.target }, names);
  const probability =
    row.probability === null ? "" : `, probability ${formatProbability(row.probability)}`;
  return `${name}${probability}, ${row.scoreName} ${formatNumber(row.score)}`;
}

async function findingsOf(checked: Checked, request: CheckRequest): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [await forwardFinding(checked), await repeatFinding(checked)];
  // What is no number has neither another one nor a slope.
  if (Number.isNaN(checked.row.score)) return findings;
  if (request.runtime === "webgpu") findings.push(await referenceFinding(checked));
  findings.push(await gradientFinding(checked, "gradient", checked.model.input.name));
  const layer = usualCamLayer(checked.traced, checked.model);
  if (layer !== undefined) findings.push(await gradientFinding(checked, "layer-gradient", layer));
  return findings;
}

/** The outcome of a comparison that throws where it finds a difference. */
async function finding(
  what: CheckFinding["what"],
  { context }: Checked,
  compare: () => Promise<Omit<CheckFinding, "what">>,
): Promise<CheckFinding> {
  try {
    return { what, ...(await compare()) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return {
      what,
      verdict: "wrong",
      error: null,
      text: wordsOf(error.said, context.words).replace("self-check: ", ""),
    };
  }
}

function forwardFinding(checked: Checked): Promise<CheckFinding> {
  const { model, picture, row, context } = checked;
  return finding("forward", checked, async () => {
    const { target, score } = row;
    const request = { target, score, value: undefined, signal: context.signal };
    await requireNumbers(model, picture, [row]);
    const { forward } = await selfCheck(model, picture, request);
    const shown = roundedUp(forward);
    return forward > forwardTolerance
      ? {
          verdict: "unknown",
          error: forward,
          text: `rounding alone moves this score by ${shown} of itself: it cannot be told whether the network as it is traced gives the file's`,
        }
      : {
          verdict: "ok",
          error: forward,
          text: `the network as it is traced gives the file's score to ${shown}`,
        };
  });
}

async function repeatFinding({ model, picture, row }: Checked): Promise<CheckFinding> {
  const [again] = await scoreRows(model, picture, { targets: [row.target] });
  const error = distance([again!.score], [row.score]);
  return error === 0
    ? { what: "repeat", verdict: "ok", error, text: "two runs give the same number" }
    : {
        what: "repeat",
        verdict: "wrong",
        error,
        text: `two runs give different numbers, ${formatNumber(row.score)} and ${formatNumber(again!.score)}: something in the network is random`,
      };
}

/** WebGPU against WebAssembly. */
function referenceFinding(checked: Checked): Promise<CheckFinding> {
  const { model, picture, row, context } = checked;
  return finding("reference", checked, async () => {
    const reference = await context.platform.openRuntime("wasm");
    const plain = new PlainNetwork(model, { runtime: reference });
    try {
      const error = distance([row.score], [await plain.score(picture, row.target)]);
      const verdict = error > forwardTolerance ? "wrong" : "ok";
      return {
        verdict,
        error,
        text: `${reference.name} gives the same score to ${roundedUp(error)}`,
      };
    } finally {
      await plain.close();
      await reference.release();
    }
  });
}

function gradientFinding(
  checked: Checked,
  what: "gradient" | "layer-gradient",
  value: string,
): Promise<CheckFinding> {
  const { model, picture, row, context } = checked;
  return finding(what, checked, async () => {
    const { target, score } = row;
    const done = await selfCheck(model, picture, { target, score, value, signal: context.signal });
    return {
      ...verdictOf(done),
      text: `to "${value === model.input.name ? inputName(model) : value}": ${checkedText(done).replace("checked: ", "")}`,
    };
  });
}

function verdictOf({ derivative }: SelfCheck): Pick<CheckFinding, "verdict" | "error"> {
  if (derivative?.verdict === "agrees") return { verdict: "ok", error: derivative.error };
  return { verdict: "unknown", error: null };
}

/** How many layers have weights, and which activations are 0 throughout. */
async function layersOf({
  model,
  traced,
  picture,
  row,
}: Checked): Promise<Pick<CheckRecord, "layers" | "dead">> {
  const weighted = traced.nodes.filter((node) => hasAnyWeights(node));
  const names = traced.nodes
    .filter(
      (node) =>
        hasTrait(node, "activation") && traced.shapes.get(node.outputs[0]!)?.type === "float32",
    )
    .map(({ outputs }) => outputs[0]!);
  const [scored] = await scoreRows(model, picture, { targets: [row.target], values: names });
  const dead = names.filter((_, i) => scored!.values[i]!.every((value) => value === 0));
  return { layers: weighted.length, dead };
}

/** Throws `runtime` if a finding is wrong. */
export function requireRight({ findings, model }: CheckRecord): void {
  const wrong = findings.filter(({ verdict }) => verdict === "wrong");
  if (wrong.length === 0) return;
  throw new LimpidError(
    "runtime",
    `check: all findings of "${model}" must be right, got ${wrong.length} that ${wrong.length === 1 ? "is" : "are"} wrong: ${wrong.map(({ what }) => what).join(", ")}. do not trust its maps on this runtime.`,
  );
}
