/** @file The activations family: rules against central differences, the interpreter against ONNX Runtime. */
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { forwardRows, gradientRows } from "../reference/rows/activations.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);
