/** @file What a node of an exported program calls. */
import { torchOperators } from "./operators/index.ts";
import type { ExportedNode } from "./schema.ts";

/** What kind of thing a node calls. */
export type Target =
  /** One of the table; the tensor that it changes in place by its argument's name, if it does. */
  | { readonly kind: "operator"; readonly operator: string; readonly changes?: string }
  /** Arithmetic of sizes, whose results the file tells, and claims about them. */
  | { readonly kind: "sizes" }
  /** None that is read, with what it is. */
  | { readonly kind: "unknown"; readonly what: string };

const claims = /^(_assert|sym_|assert_)|^_check/;

/** By the name in the file: `torch.ops.aten.relu_.default`. */
export function targetOf({ target, inputs }: ExportedNode): Target {
  const [torch, ops, space = "", name = "", overload = ""] = target.split(".");
  if (torch !== "torch" || ops !== "ops") {
    const isOfSizes = /^(_operator|math|builtins|torch)\.|^<built-in/.test(target);
    return isOfSizes ? { kind: "sizes" } : { kind: "unknown", what: `"${target}"` };
  }
  if (space === "higher_order") return { kind: "unknown", what: higherOrder(name) };
  if (space !== "aten") {
    return {
      kind: "unknown",
      what: `the operator "${space}::${name}", which is not PyTorch's own`,
    };
  }
  if (claims.test(name)) return { kind: "sizes" };
  if (overload === "out") return written(name);
  if (Object.hasOwn(torchOperators, name)) return { kind: "operator", operator: name };
  const plain = name.replace(/_$/, "");
  if (plain !== name && Object.hasOwn(torchOperators, plain)) {
    return { kind: "operator", operator: plain, changes: inputs[0]?.name ?? "self" };
  }
  return { kind: "unknown", what: `the operator "${name}"` };
}

/** What runs graphs inside the graph. */
function higherOrder(name: string): string {
  const isFlow = /^(cond|while_loop|map|scan|associative_scan)/.test(name);
  return isFlow
    ? `control flow by "${name}"`
    : `the operator "${name}", which holds a graph of its own`;
}

function written(name: string): Target {
  if (!Object.hasOwn(torchOperators, name)) {
    return { kind: "unknown", what: `the operator "${name}"` };
  }
  return { kind: "operator", operator: name, changes: "out" };
}

/** Operators whose results are the same memory as their input. */
const views = new Set(
  (
    "view reshape _reshape_alias as_strided _unsafe_view view_as reshape_as flatten unflatten permute transpose swapaxes swapdims t " +
    "numpy_T mT adjoint movedim expand expand_as broadcast_to unsqueeze squeeze slice narrow select split " +
    "split_with_sizes chunk tensor_split unbind contiguous detach alias lift_fresh positive to type_as float half " +
    "dropout feature_dropout alpha_dropout feature_alpha_dropout"
  ).split(" "),
);

/** Whether an operator may give the memory of its input. */
export function isView(operator: string): boolean {
  return views.has(operator);
}
