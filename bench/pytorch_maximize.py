"""The PyTorch side of the activation maximisation benchmark.

Usage: pytorch_maximize.py THREADS

Builds VGG16's convolutions with seeded random weights, prints "ready", then answers each line
"PICTURES SIDE N" on standard input with the milliseconds of N steps of the Keras recipe as one JSON list:
gradient of the filters' means to the pictures, divided by its root mean square, added to the pictures.
The network ends at the filters' layer, as it would in a careful script.
"""
import json
import sys
import time

import torch
import torchvision

LAST = 16  # block3_conv3 and its ReLU
RATE = 1 / 255


def step(net, pictures):
    leaf = pictures.detach().requires_grad_(True)
    output = net(2 * leaf - 1)
    filters = torch.arange(len(pictures)) % output.shape[1]
    score = output[torch.arange(len(pictures)), filters].mean(dim=(1, 2)).sum()
    (gradient,) = torch.autograd.grad(score, leaf)
    size = gradient.pow(2).mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return pictures + RATE * gradient / (size + 1e-5)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    net = torchvision.models.vgg16(weights=None).features[:LAST].eval()
    for layer in net:
        if isinstance(layer, torch.nn.ReLU):
            layer.inplace = False
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    print("ready", flush=True)
    for line in sys.stdin:
        count, side, steps = map(int, line.split())
        pictures = 0.5 + 0.04 * torch.rand(count, 3, side, side)
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            pictures = step(net, pictures)
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)


main()
