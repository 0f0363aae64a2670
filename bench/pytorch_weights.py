"""The PyTorch side of the benchmark of weight gradients.

Usage: pytorch_weights.py THREADS CASES

CASES is a JSON list of {"input": [N, C, H, W], "filters", "groups", "kernel", "stride"}, padded by half
the kernel. Prints "ready", then answers each line "CASE COUNT" on standard input, CASE a place in the
list, with the milliseconds of processor time of so many gradients of the weights alone as one JSON list.
"""
import functools
import json
import sys
import time

import torch

CASES = json.loads(sys.argv[2])


@functools.cache
def values(index):
    case = CASES[index]
    kernel = case["kernel"]
    picture = torch.rand(case["input"])
    weights = torch.rand(case["filters"], case["input"][1] // case["groups"], kernel, kernel)
    result = torch.nn.functional.conv2d(
        picture, weights, stride=case["stride"], padding=kernel // 2, groups=case["groups"]
    )
    return torch.rand_like(result), picture, weights


def gradient(index):
    stride, pad = [CASES[index]["stride"]] * 2, [CASES[index]["kernel"] // 2] * 2
    options = (None, stride, pad, [1, 1], False, [0, 0], CASES[index]["groups"])
    torch.ops.aten.convolution_backward(*values(index), *options, [False, True, False])


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    print("ready", flush=True)
    for line in sys.stdin:
        index, count = map(int, line.split())
        values(index)
        answer = []
        for _ in range(count):
            start = time.process_time()
            gradient(index)
            answer.append(1000 * (time.process_time() - start))
        print(json.dumps(answer), flush=True)


main()
