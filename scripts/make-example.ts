/** @file `npm run example`: writes the network, the picture and the class names that the README begins with. */
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { encodePng } from "../src/node/codecs.ts";
import { writeWhole } from "../src/disk/files.ts";
import { classes, stripesNetwork, stripesPicture } from "./stripes.ts";

const folder = "out/example";
await writeWhole(`${folder}/stripes.onnx`, encodeOnnx(stripesNetwork()).bytes);
await writeWhole(`${folder}/stripes.png`, await encodePng(stripesPicture()));
await writeWhole(`${folder}/labels.txt`, `${classes.map(({ label }) => label).join("\n")}\n`);
