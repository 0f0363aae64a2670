/** @file THE table of what can be had by name: pretrained networks and data sets, with where they lie. */

/** A file of an item. */
export interface CatalogFile {
  /** Where it lies within the cache and within a mirror. */
  readonly path: string;
  /** Where it can be had; files without one are found in mirrors alone. */
  readonly url?: string;
  /** Of the file; of what it unpacks to if it ends in .gz, which servers pack differently. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal digits, of what `bytes` counts. */
  readonly sha256: string;
}

/** A file at an address. */
export type RemoteFile = CatalogFile & { readonly url: string };

/** A file that holds a network. */
export interface ModelFile extends CatalogFile {
  /** Name of the preprocessing. */
  readonly preprocessing: "torchvision" | "caffe" | "tf" | "none";
  /** Whose classes it knows. */
  readonly classes?: "imagenet";
}

/** A pretrained network; any of its files will do, the first that is found. */
export interface ModelItem {
  readonly kind: "model";
  readonly description: string;
  readonly licence: string;
  readonly files: readonly ModelFile[];
}

/** A data set; all of its files are needed, or its archive is unpacked. */
export interface DataItem {
  readonly kind: "data";
  readonly description: string;
  readonly licence: string;
  /** The folder within the cache and within a mirror. */
  readonly folder: string;
  readonly files: readonly CatalogFile[];
  /** What a zip archive's names begin with before the names within `folder`, and how many files it holds. */
  readonly archive?: { readonly prefix: string; readonly count: number };
}

export type CatalogItem = ModelItem | DataItem;

/** SHA-256 of the files, by their names. */
const digests = {
  "vgg16-12.onnx": "722c42f53ca03a5480296bf8f9c85a151de3eed9ec982d7d2302ff6e2900c67b",
  "resnet50-v1-12.onnx": "3f03fdef724b22947eed826f1eef1dc5c34151bb4c37d634f1db89dfa2dd1526",
  "resnet50-v2-7.onnx": "79102261eb6e5fd7af5d27f41316293e388c5cb691e5d25bfb035c4f64fefe31",
  "resnet18-v1-7.onnx": "4e8f8653e7a2222b3904cc3fe8e304cd8b339ce1d05fd24688162f86fb6df52c",
  "googlenet-12.onnx": "c99c507058eaf41de8723408fdda7db8325cb57f0a89f2ee07a716d6e963e14e",
  "inception-v1-12.onnx": "814b31a6316873bd03d2d808415ce1f40a7bf48ad88eab5ecc3cdc8dc6cf38ec",
  "squeezenet1.1-7.onnx": "1eeff551a67ae8d565ca33b572fc4b66e3ef357b0eb2863bb9ff47a918cc4088",
  "squeezenet1.0-12.onnx": "dec81a8684617770b3cf13fadc1d92565d1d453d23935fc6388b792d99c992bd",
  "mobilenetv2-12.onnx": "c0c3f76d93fa3fd6580652a45618618a220fced18babf65774ed169de0432ad5",
  "densenet-12.onnx": "0294e7e88e5b3360de9b0fdc321baf9e6ef18b7f058c4536caae3b9f18ed9ed5",
  "bvlcalexnet-12.onnx": "6b0da9510f27f234ee96a85dc3809dd210150fdefad87f6850f9788513216945",
  "train-images-idx3-ubyte.gz": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte.gz": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte.gz": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte.gz": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  "bvlc_googlenet.onnx": "1db9bd54ac61b4a65da31053b99d10845fa45d28b08b39e3abc8c4eba9fe54dc",
  "squeezenet1.1.onnx": "72f899baaeb94a00b44ef2c98e02d0f70b1b780b6621d6496f2c6f31a5799cb6",
  "mobilenet_v2_1.0_224.onnx": "036bcb514431253321b85ae3c2541136c791337b00636fa1c6cf2a47ced88634",
  // The author gives none; this one stands in the pointer of a public copy of as many bytes (Git LFS).
  "cats_and_dogs_filtered.zip": "91af24e0be191e9380dafc8710d0933fa826ec8e51f26f85c1fddba4e8018e3f",
} as const;

const zoo =
  "https://media.githubusercontent.com/media/onnx/models/main/validated/vision/classification";
const zooLicence = "Apache-2.0 (ONNX Model Zoo)";

/** A network that knows ImageNet's classes, in a folder of the cache and of a mirror. */
function weightsFile(
  folder: string,
  file: keyof typeof digests,
  bytes: number,
  preprocessing: ModelFile["preprocessing"],
): ModelFile {
  const path = `weights/${folder}/${file}`;
  return { path, bytes, sha256: digests[file], preprocessing, classes: "imagenet" };
}

function zooFile(
  name: string,
  folder: string,
  file: keyof typeof digests,
  bytes: number,
  preprocessing: ModelFile["preprocessing"],
): ModelFile {
  return { ...weightsFile(name, file, bytes, preprocessing), url: `${zoo}/${folder}/${file}` };
}

function zooModel(description: string, ...files: readonly ModelFile[]): ModelItem {
  return { kind: "model", description, licence: zooLicence, files };
}

const mnistFile = (name: keyof typeof digests, bytes: number): CatalogFile => ({
  path: `mnist/${name}`,
  url: `https://ossci-datasets.s3.amazonaws.com/mnist/${name}`,
  bytes,
  sha256: digests[name],
});

export const catalog = {
  vgg16: zooModel(
    "VGG16, ImageNet, 138 million parameters",
    zooFile("vgg16", "vgg/model", "vgg16-12.onnx", 553_437_752, "torchvision"),
  ),
  resnet50: zooModel(
    "ResNet50, ImageNet, 26 million parameters",
    zooFile("resnet50", "resnet/model", "resnet50-v1-12.onnx", 102_576_593, "torchvision"),
  ),
  "resnet50-v2": zooModel(
    "ResNet50 with normalisation before activation, ImageNet",
    zooFile("resnet50-v2", "resnet/model", "resnet50-v2-7.onnx", 102_442_452, "torchvision"),
  ),
  resnet18: zooModel(
    "ResNet18, ImageNet, 12 million parameters",
    zooFile("resnet18", "resnet/model", "resnet18-v1-7.onnx", 46_820_737, "torchvision"),
  ),
  googlenet: zooModel(
    "GoogLeNet (InceptionV1, the network of the Distill articles), ImageNet, 7 million parameters",
    weightsFile("googlenet", "bvlc_googlenet.onnx", 28_017_634, "caffe"),
    zooFile(
      "googlenet",
      "inception_and_googlenet/googlenet/model",
      "googlenet-12.onnx",
      28_021_836,
      "caffe",
    ),
  ),
  "inception-v1": zooModel(
    "InceptionV1 in another training, ImageNet",
    zooFile(
      "inception-v1",
      "inception_and_googlenet/inception_v1/model",
      "inception-v1-12.onnx",
      28_021_958,
      "caffe",
    ),
  ),
  "squeezenet1.1": zooModel(
    "SqueezeNet 1.1, ImageNet, 1.2 million parameters",
    weightsFile("squeezenet1.1-gluon", "squeezenet1.1.onnx", 4_951_627, "torchvision"),
    zooFile("squeezenet1.1", "squeezenet/model", "squeezenet1.1-7.onnx", 4_956_208, "torchvision"),
  ),
  "squeezenet1.0": zooModel(
    "SqueezeNet 1.0, ImageNet",
    zooFile("squeezenet1.0", "squeezenet/model", "squeezenet1.0-12.onnx", 4_952_956, "torchvision"),
  ),
  mobilenetv2: zooModel(
    "MobileNetV2, ImageNet, 3.5 million parameters",
    weightsFile("mobilenetv2", "mobilenet_v2_1.0_224.onnx", 13_966_334, "tf"),
    zooFile("mobilenetv2", "mobilenet/model", "mobilenetv2-12.onnx", 13_964_571, "torchvision"),
  ),
  densenet121: zooModel(
    "DenseNet121, ImageNet, 8 million parameters",
    zooFile("densenet121", "densenet-121/model", "densenet-12.onnx", 32_726_877, "torchvision"),
  ),
  alexnet: zooModel(
    "AlexNet, ImageNet, 61 million parameters",
    zooFile("alexnet", "alexnet/model", "bvlcalexnet-12.onnx", 243_863_787, "caffe"),
  ),
  mnist: {
    kind: "data",
    description: "handwritten digits, 60,000 to learn from and 10,000 to be judged on",
    licence: "CC BY-SA 3.0",
    folder: "mnist",
    files: [
      mnistFile("train-images-idx3-ubyte.gz", 47_040_016),
      mnistFile("train-labels-idx1-ubyte.gz", 60_008),
      mnistFile("t10k-images-idx3-ubyte.gz", 7_840_016),
      mnistFile("t10k-labels-idx1-ubyte.gz", 10_008),
    ],
  },
  "cats-dogs": {
    kind: "data",
    description: "photos of cats and dogs, 2,000 to learn from and 1,000 to be judged on",
    licence: "for one's own study only (competition terms)",
    folder: "cats-dogs",
    files: [
      {
        path: "archives/cats_and_dogs_filtered.zip",
        url: "https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip",
        bytes: 68_606_236,
        sha256: digests["cats_and_dogs_filtered.zip"],
      },
    ],
    archive: { prefix: "cats_and_dogs_filtered/", count: 3000 },
  },
} as const satisfies Readonly<Record<string, CatalogItem>>;

export type CatalogName = keyof typeof catalog;

/** Whether something can be had by this name. */
export function isCatalogName(name: string): name is CatalogName {
  return Object.hasOwn(catalog, name);
}
