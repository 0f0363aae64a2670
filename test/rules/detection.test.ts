/** @file Selection of boxes: the interpreter against ONNX Runtime. */
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { forwardRows } from "../reference/rows/detection.ts";

forwardcheckAll(forwardRows);
