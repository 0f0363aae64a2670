"""The PyTorch side of the attribution benchmark: the same work, written as plainly as PyTorch allows.

Usage: pytorch_attribution.py FILE.onnx THREADS

Builds torchvision's GoogLeNet with seeded random weights, writes it as ONNX if FILE does not exist,
prints "ready", then answers each line "METHOD N" on standard input with the milliseconds of N runs as
one JSON list. METHOD is grad-cam, integrated-gradients, smooth-grad, score-cam or occlusion.
"""
import json
import os
import sys
import time

import torch
import torchvision
from torch.nn import functional

SIZE = 224
CLASS = 20
BATCH = 16


def slopes(net, pictures):
    leaf = pictures.detach().requires_grad_(True)
    return torch.autograd.grad(net(leaf)[:, CLASS].sum(), leaf)[0]


def scores(net, count, make):
    """Scores of `count` changed pictures, in batches."""
    found = []
    with torch.no_grad():
        for first in range(0, count, BATCH):
            indices = range(first, min(first + BATCH, count))
            found.append(net(torch.cat([make(i) for i in indices]))[:, CLASS])
    return torch.cat(found)


def features_of(net, picture, work):
    """What the last feature map is, and what `work` makes of the output, in one forward pass."""
    kept = []
    handle = net.inception5b.register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    result = work(net(picture))
    handle.remove()
    return kept[0], result


def grad_cam(net, picture):
    leaf = picture.detach().requires_grad_(True)
    features, score = features_of(net, leaf, lambda output: output[0, CLASS])
    gradients = torch.autograd.grad(score, features)[0]
    return functional.relu((gradients.mean((2, 3), keepdim=True) * features).sum(1)).detach()


def integrated_gradients(net, picture, steps=64):
    shares = (torch.arange(steps) + 0.5) / steps
    total = torch.zeros_like(picture)
    for part in shares.split(BATCH):
        total += slopes(net, part.view(-1, 1, 1, 1) * picture).sum(0, keepdim=True)
    return picture * total / steps


def smooth_grad(net, picture, samples=32):
    deviation = 0.15 * (picture.max() - picture.min())
    total = torch.zeros_like(picture)
    for _ in range(0, samples, BATCH):
        noisy = picture + deviation * torch.randn(BATCH, *picture.shape[1:])
        total += slopes(net, noisy).sum(0, keepdim=True)
    return total / samples


def score_cam(net, picture):
    with torch.no_grad():
        features, _ = features_of(net, picture, lambda output: output)
        masks = functional.interpolate(features, (SIZE, SIZE), mode="bilinear", align_corners=False)[0]
        low, high = masks.amin((1, 2), keepdim=True), masks.amax((1, 2), keepdim=True)
        masks = (masks - low) / (high - low).clamp(min=1e-12)
        weights = scores(net, len(masks), lambda k: picture * masks[k]).softmax(0)
        return functional.relu((weights.view(1, -1, 1, 1) * features).sum(1))


def occlusion(net, picture, window=28, stride=14):
    starts = range(0, SIZE - window + 1, stride)
    squares = [(slice(y, y + window), slice(x, x + window)) for y in starts for x in starts]
    means = picture.mean((2, 3), keepdim=True)

    def without(index):
        rows, columns = squares[index]
        changed = picture.clone()
        changed[:, :, rows, columns] = means
        return changed

    with torch.no_grad():
        whole = net(picture)[0, CLASS]
    losses = whole - scores(net, len(squares), without)
    total, covered = torch.zeros(SIZE, SIZE), torch.zeros(SIZE, SIZE)
    for loss, (rows, columns) in zip(losses, squares):
        total[rows, columns] += loss
        covered[rows, columns] += 1
    return total / covered


WORK = {
    "grad-cam": grad_cam,
    "integrated-gradients": integrated_gradients,
    "smooth-grad": smooth_grad,
    "score-cam": score_cam,
    "occlusion": occlusion,
}


def export(net, picture, path):
    axes = {"input": {0: "N"}, "output": {0: "N"}}
    names = {"input_names": ["input"], "output_names": ["output"]}
    torch.onnx.export(net, picture, path + ".part", opset_version=17, dynamic_axes=axes, **names)
    os.rename(path + ".part", path)


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net = torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=True).eval()
    picture = torch.randn(1, 3, SIZE, SIZE)
    if not os.path.exists(path):
        export(net, picture, path)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    print("ready", flush=True)
    for line in sys.stdin:
        kind, count = line.split()
        times = []
        for _ in range(int(count)):
            start = time.perf_counter()
            WORK[kind](net, picture)
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)


main()
