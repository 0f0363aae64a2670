/** @file Signals and volumes: rules against central differences, the interpreter and gradients against ONNX Runtime. */
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientRows } from "../reference/rows/other-ranks.ts";

gradcheckAll(gradientRows);
