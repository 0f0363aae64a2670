"""The PyTorch side of the engine benchmark.

Usage: pytorch_twin.py NETWORK FILE.onnx THREADS

Builds a torchvision network with seeded random weights and batch statistics of random pictures, writes
it as ONNX if FILE does not exist, prints "ready", then answers each line "forward N" or "gradient N" on
standard input with the milliseconds of N runs as one JSON list.
"""
import json
import os
import sys
import time

import torch
import torchvision

SIZE = 224
SIZES = {"inception_v3": 299}
# Heads that only training reads are left out, as torchvision's own weights come without them in inference.
OPTIONS = {
    "googlenet": {"aux_logits": False, "init_weights": False},
    "inception_v3": {"aux_logits": False, "init_weights": False},
}


def network(name):
    torch.manual_seed(0)
    if name == "vgg16-convolutions":
        return torchvision.models.vgg16(weights=None).features
    return getattr(torchvision.models, name.replace("-", "_"))(weights=None, **OPTIONS.get(name, {}))


def with_statistics(net, picture):
    """Without them values shrink from layer to layer, and arithmetic of denormals is slow."""
    norms = [module for module in net.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.train()
        norm.momentum = None
    with torch.no_grad():
        net(torch.randn(4, *picture.shape[1:]))
    return net.eval()


def objective(output):
    if output.dim() == 4:
        return output[:, 20].mean()
    return output[:, 20].sum()


def forward(net, picture):
    with torch.no_grad():
        return net(picture)


def gradient(net, picture):
    leaf = picture.detach().requires_grad_(True)
    return torch.autograd.grad(objective(net(leaf)), leaf)[0]


def export(net, picture, path):
    # Training mode (every dropout rate here is 0) keeps attention off its fused kernel, which has no ONNX form.
    mode = torch.onnx.TrainingMode.EVAL
    if isinstance(net, torchvision.models.VisionTransformer):
        net.train()
        mode = torch.onnx.TrainingMode.TRAINING
    torch.onnx.export(
        net, picture, path + ".part", opset_version=17, training=mode, input_names=["input"], output_names=["output"]
    )
    net.eval()
    os.rename(path + ".part", path)


def main():
    name, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    size = SIZES.get(name, SIZE)
    picture = torch.randn(1, 3, size, size)
    net = with_statistics(network(name).eval(), picture)
    if not os.path.exists(path):
        export(net, picture, path)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    print("ready", flush=True)
    work = {"forward": forward, "gradient": gradient}
    for line in sys.stdin:
        kind, count = line.split()
        times = []
        for _ in range(int(count)):
            start = time.perf_counter()
            work[kind](net, picture)
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)


main()
