/** @file The record of a check, as a schema: what `limpid check --json` prints. */
import * as v from "valibot";
import { described, index, measure, type Recorded } from "../../wording/record-schema.ts";
import { takenInputs, referenceUses, targetKinds } from "../../attribution/takes.ts";
import { headSchema } from "../inspection.ts";

const keysOf = <Name extends string>(table: Readonly<Record<Name, string>>) =>
  v.picklist(Object.keys(table) as Name[]);

const finding = v.strictObject({
  what: described(
    v.picklist(["forward", "repeat", "reference", "gradient", "layer-gradient"]),
    "the traced network against the file; two runs; another runtime; the gradient at the input and at a layer against differences of the score",
  ),
  verdict: described(v.picklist(["ok", "wrong", "unknown"]), "unknown where it could not be told"),
  error: measure("difference as a share; null where there is none to tell"),
  text: described(v.string(), "in words"),
});

export const checkSchema = v.strictObject({
  model: described(v.string(), "path or name"),
  runtime: described(v.string(), "what computed"),
  input: v.strictObject({
    name: v.string(),
    shape: described(v.array(v.number()), "[N, C, H, W] as it is fed"),
    layout: described(v.picklist(["channels first", "channels last"]), "of the file"),
    parts: described(
      v.array(v.strictObject({ name: v.string(), takenFor: v.string() })),
      "the inputs of the file, and what each is taken for, such as signal [N, C, T]",
    ),
  }),
  explained: headSchema,
  picture: described(v.nullable(v.string()), "the file; null for noise"),
  preparation: described(v.string(), "how pictures become the input, and who says so"),
  answer: described(v.string(), "what the network says of the picture"),
  findings: v.array(finding),
  layers: index("layers with weights"),
  dead: described(v.array(v.string()), "activations whose every number is 0 for this picture"),
  missing: described(
    v.array(v.strictObject({ operator: v.string(), node: v.string() })),
    "nodes that the gradient would pass and that have no rule",
  ),
  methods: v.array(
    v.strictObject({
      name: described(v.string(), "name of the method"),
      reason: described(
        v.nullable(v.string()),
        "why it cannot explain what is asked here; null if it can",
      ),
      inputs: described(v.array(keysOf(takenInputs)), "kinds of inputs that it takes"),
      targets: described(v.array(keysOf(targetKinds)), "kinds of targets that it takes"),
      reference: described(
        keysOf(referenceUses),
        "what it makes of a reference: its pixels are the baseline; the score is shared out as if from 0; a slope, which none alters; or it does not look at the score",
      ),
    }),
  ),
  asked: described(
    v.strictObject({ input: keysOf(takenInputs), target: keysOf(targetKinds) }),
    "the kinds of the network's input and of what was explained here",
  ),
});

/** What a check found. */
export type CheckRecord = Recorded<typeof checkSchema>;

export type CheckFinding = CheckRecord["findings"][number];
