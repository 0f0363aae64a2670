/** @file Comparisons, logic and bits: the interpreter against ONNX Runtime. */
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { forwardRows } from "../reference/rows/logic.ts";

forwardcheckAll(forwardRows);
