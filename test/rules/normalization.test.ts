/** @file The normalization family: rules against central differences, the interpreter against ONNX Runtime. */
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { forwardRows, gradientRows } from "../reference/rows/normalization.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);
