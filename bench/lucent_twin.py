"""The PyTorch side of the atlas benchmark: lucent's recipe on a network that is given as a plan.

Usage: lucent_twin.py PLAN SIDE THREADS

Reads PLAN.json and PLAN.bin, prints "ready", then answers each line "LAYER CHANNEL FILE N" on standard input with the
milliseconds of N steps as one JSON list, and writes the pictures after every 16th step to FILE, float32 [.., 3, SIDE, SIDE]
in 0..1.

The recipe is lucent's render_vis (0.1.8): a Fourier picture of standard deviation 0.01 in decorrelated colours, border of 12,
two shifts of 8 and 4, nine scales, rotations of up to 10 degrees, Adam 0.05, one unit at a time. It is spared two things that
cost time: pictures stay at SIDE instead of being enlarged to 224, and the network ends at the layer.
"""
import json
import math
import sys
import time

import numpy
import torch
import torch.nn.functional as F

COLOURS = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.0, -0.05], [0.27, -0.09, 0.03]])
MEANS = torch.tensor([104.0, 117.0, 123.0]).view(1, 3, 1, 1)


class Network:
    def __init__(self, path):
        with open(path + ".json") as file:
            self.plan = json.load(file)
        numbers = torch.from_numpy(numpy.fromfile(path + ".bin", dtype=numpy.float32))
        self.weights = {
            name: numbers[place["at"] : place["at"] + math.prod(place["dims"])].view(place["dims"])
            for name, place in self.plan["weights"].items()
        }

    def steps_to(self, layer):
        wanted, steps = {layer}, []
        for step in reversed(self.plan["steps"]):
            if step["output"] in wanted:
                steps.append(step)
                wanted.update(step["inputs"])
        return steps[::-1]

    def __call__(self, picture, steps):
        values = {self.plan["input"]: picture}
        for step in steps:
            values[step["output"]] = self.value(step, [values[name] for name in step["inputs"]])
        return values[steps[-1]["output"]]

    def value(self, step, inputs):
        x, kind = inputs[0], step["kind"]
        if kind == "Relu":
            return F.relu(x)
        if kind == "Concat":
            return torch.cat(inputs, 1)
        if kind == "LRN":
            return F.local_response_norm(x, step["size"], step["alpha"], step["beta"], step["bias"])
        top, left, bottom, right = step["pads"]
        if kind == "MaxPool":
            padded = F.pad(x, (left, right, top, bottom), value=-3e38)
            return F.max_pool2d(padded, step["sides"], step["strides"])
        return F.conv2d(x, self.weights[step["weights"]], self.weights[step["bias"]], step["strides"], (top, left))


def frequencies(side):
    return torch.sqrt(torch.fft.fftfreq(side)[:, None] ** 2 + torch.fft.rfftfreq(side)[None, :] ** 2)


def picture_of(spectrum, scale, side):
    raw = torch.fft.irfftn(torch.view_as_complex(spectrum) * scale, s=(side, side), norm="ortho") / 4
    mixed = torch.einsum("nchw,dc->ndhw", raw, COLOURS / COLOURS.norm(dim=0).max())
    return torch.sigmoid(mixed)


def jitter(picture, most):
    height, width = picture.shape[2] - most, picture.shape[3] - most
    y, x = torch.randint(0, most + 1, (2,)).tolist()
    return picture[:, :, y : y + height, x : x + width]


def moved(picture):
    seen = jitter(F.pad(picture, (12, 12, 12, 12), value=0.5), 8)
    factor = 1 + (torch.randint(0, 11, ()).item() - 5) / 50
    sides = [round(factor * side) for side in seen.shape[2:]]
    seen = F.interpolate(seen, sides, mode="bilinear", align_corners=True)
    angle = math.radians(([*range(-10, 11)] + 5 * [0])[torch.randint(0, 26, ()).item()])
    turn = torch.tensor([[[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0]]])
    seen = F.grid_sample(seen, F.affine_grid(turn, seen.shape, align_corners=False), align_corners=False)
    return jitter(seen, 4)


def ascend(network, layer, channel, side, count):
    steps = network.steps_to(layer)
    scale = 1 / torch.clamp(frequencies(side), min=1 / side)
    spectrum = (0.01 * torch.randn(1, 3, *scale.shape, 2)).requires_grad_(True)
    optimizer = torch.optim.Adam([spectrum], lr=0.05)
    times, pictures = [], []
    for step in range(count):
        start = time.perf_counter()
        optimizer.zero_grad()
        seen = moved(picture_of(spectrum, scale, side))
        values = network(255 * seen.flip(1) - MEANS, steps)
        (-values[:, channel].mean()).backward()
        optimizer.step()
        times.append(1000 * (time.perf_counter() - start))
        if (step + 1) % 16 == 0:
            pictures.append(picture_of(spectrum, scale, side).detach())
    return times, torch.cat(pictures)


def main():
    path, side, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    network = Network(path)
    print("ready", flush=True)
    for line in sys.stdin:
        layer, channel, file, count = line.split()
        times, pictures = ascend(network, layer, int(channel), side, int(count))
        pictures.numpy().tofile(file)
        print(json.dumps(times), flush=True)


main()
