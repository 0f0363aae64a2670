"""The PyTorch side of the training benchmark.

Usage: pytorch_train.py NETWORK THREADS

Builds the network with seeded random weights and one random batch, prints "ready", then answers each
line "step N" on standard input with the milliseconds of N training steps as one JSON list, and each
line "memory 1" with the peak resident memory of this process in MiB, as a list of one number.
"""
import json
import resource
import sys
import time

import torch
from torch import nn


def mnist():
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(9216, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adam(net.parameters())
    batch = torch.rand(128, 1, 28, 28), torch.randint(10, (128,))
    return net, optimizer, nn.CrossEntropyLoss(), batch


def cats_dogs():
    blocks = []
    before = 3
    for filters in (32, 64, 128, 128):
        blocks += [nn.Conv2d(before, filters, 3), nn.ReLU(), nn.MaxPool2d(2)]
        before = filters
    net = nn.Sequential(
        *blocks,
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(6272, 512),
        nn.ReLU(),
        nn.Linear(512, 1),
        nn.Flatten(0),
    )
    optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-4)
    batch = torch.rand(32, 3, 150, 150), torch.randint(2, (32,)).float()
    return net, optimizer, nn.BCEWithLogitsLoss(), batch


NETWORKS = {"mnist": mnist, "cats-dogs": cats_dogs}


def step(net, optimizer, loss_of, batch):
    pictures, labels = batch
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(net(pictures), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    design = NETWORKS[name]()
    print("ready", flush=True)
    for line in sys.stdin:
        kind, count = line.split()
        answer = []
        if kind == "memory":
            answer.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        else:
            for _ in range(int(count)):
                start = time.perf_counter()
                step(*design)
                answer.append(1000 * (time.perf_counter() - start))
        print(json.dumps(answer), flush=True)


main()
