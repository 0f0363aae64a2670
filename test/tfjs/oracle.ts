/** @file TensorFlow.js itself, on its plain CPU backend, without its words on the console. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";

tf.env().set("PROD", true);

export { tf };
