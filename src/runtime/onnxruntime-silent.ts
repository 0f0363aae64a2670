/**
 * @file ONNX Runtime for Node without its telemetry and its log: its builds for Linux and macOS send Microsoft what runs
 * and keep a number of the machine in the user's cache, unless this is said before the first session.
 */
import * as ort from "onnxruntime-node";

process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
ort.env.logLevel = "fatal";

export { ort };
