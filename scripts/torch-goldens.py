"""Writes test/torch/operators.json: what PyTorch's operators give, each as a node of torch.export writes it.

Usage: python3 scripts/torch-goldens.py > test/torch/operators.json (any PyTorch from 1.13 on)
"""

import json

import torch

torch.manual_seed(13)
CODES = {
    torch.uint8: 1,
    torch.int8: 2,
    torch.int16: 3,
    torch.int32: 4,
    torch.int64: 5,
    torch.float32: 7,
    torch.float64: 8,
    torch.bool: 12,
}


def r(*sizes):
    return (torch.randn(*sizes) * 100).round() / 100


def u(*sizes):
    """Numbers between 0.2 and 1.2."""
    return (torch.rand(*sizes) * 100).round() / 100 + 0.2


def whole(*values):
    return torch.tensor(values)


def flags(*sizes):
    return torch.rand(*sizes) > 0.5


def number(value):
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return float(f"{value:.6g}") if isinstance(value, float) else value


def argument(kind, value, tensors):
    """An argument as torch/_export/serde/serialize.py writes it."""
    if value is None:
        return {"as_none": True}
    if isinstance(value, torch.Tensor):
        tensors.append(value)
        return {"as_tensor": {"name": f"t{len(tensors) - 1}"}}
    if isinstance(value, bool):
        return {"as_bool": value}
    if isinstance(value, torch.dtype):
        return {"as_scalar_type": CODES[value]}
    if isinstance(value, int):
        if "List[int]" in kind:
            return {"as_ints": [value]}
        return {"as_int": value}
    if isinstance(value, float):
        return {"as_float": number(value)}
    if isinstance(value, str):
        return {"as_string": value}
    if any(isinstance(each, torch.Tensor) for each in value):
        items = [argument("", each, tensors) for each in value]
        if all("as_tensor" in item for item in items):
            return {"as_tensors": [item["as_tensor"] for item in items]}
        return {"as_optional_tensors": items}
    if all(isinstance(each, int) for each in value):
        return {"as_ints": list(value)}
    return {"as_floats": list(value)}


def data(tensor):
    flat = tensor.detach().reshape(-1).tolist()
    values = [int(each) if isinstance(each, bool) else number(each) for each in flat]
    return {"dtype": CODES[tensor.dtype], "dims": list(tensor.shape), "data": values}


def case(target, *args, **more):
    name, overload = target.split(".")
    operator = getattr(getattr(torch.ops.aten, name), overload)
    schema = operator._schema.arguments
    # The numbers that the file tells are those that PyTorch computes with.
    args = [torch.tensor(data(a)["data"], dtype=a.dtype).reshape(a.shape) if isinstance(a, torch.Tensor) else a for a in args]
    result = operator(*[a.clone() if isinstance(a, torch.Tensor) else a for a in args], **more)
    given = list(zip(schema, args)) + [(a, more[a.name]) for a in schema if a.name in more]
    tensors = []
    inputs = [
        {"name": a.name, "arg": argument(str(a.type), value, tensors)} for a, value in given
    ]
    if isinstance(result, torch.Tensor):
        outputs, kind = [result], "one"
    elif isinstance(result, list):
        outputs, kind = result, "list"
    else:
        outputs, kind = list(result), "tuple"
    return {
        "target": f"torch.ops.aten.{target}",
        "inputs": inputs,
        "tensors": [data(t) for t in tensors],
        "kind": kind,
        "outputs": [data(t) for t in outputs],
    }


def cases():
    x = r(1, 3, 4, 3)
    flat = torch.tensor([-7.0, -2.5, -1.0, -0.5, 0.0, 0.3, 1.0, 2.5, 6.5, 21.0])
    for name in (
        "relu relu6 sigmoid tanh hardswish hardsigmoid mish selu silu gelu leaky_relu elu celu "
        "hardtanh hardshrink softshrink log_sigmoid softplus abs neg exp erf floor ceil round "
        "trunc sign sin cos square expm1 sinh cosh atan isnan isinf logical_not"
    ).split():
        yield name + ".default", flat
    yield "gelu.default", flat, {"approximate": "tanh"}
    yield "leaky_relu.default", flat, 0.2
    yield "elu.default", flat, 0.7
    yield "celu.default", flat, 0.7
    yield "hardtanh.default", flat, 0.0, 6.0
    yield "softplus.default", flat, 2.0
    yield "hardshrink.default", flat, 0.4
    yield "softshrink.default", flat, 0.3
    yield "threshold.default", flat, 0.5, -3.0
    yield "prelu.default", x, torch.tensor([0.1, 0.2, 0.3])
    yield "prelu.default", x, torch.tensor([0.3])
    yield "glu.default", r(2, 6, 3), 1
    yield "glu.default", r(2, 6)
    for name in "log log2 log10 log1p sqrt rsqrt reciprocal".split():
        yield name + ".default", u(2, 5)
    yield "asin.default", u(4) - 0.7
    yield "acos.default", u(4) - 0.7
    yield "tan.default", u(4)
    yield "softmax.int", x, 1
    yield "softmax.int", x, -1
    yield "_softmax.default", x, 1, False
    yield "log_softmax.int", x, 1
    yield "softmax.int", whole(1, 2, 3), 0, {"dtype": torch.float32}

    w = r(4, 3, 3, 3)
    yield "conv2d.default", x, w, r(4)
    yield "conv2d.default", x, w, None, [2, 1], [1, 2], [1, 1]
    yield "conv2d.default", x, r(6, 1, 3, 3), r(6), [1, 1], [1, 1], [1, 1], 3
    yield "conv2d.default", r(1, 1, 9, 9), r(2, 1, 3, 3), None, [1, 1], [2, 2], [2, 2]
    yield "conv2d.default", r(3, 5, 3), w
    yield "conv2d.padding", x, r(4, 3, 2, 3), r(4), [1, 1], "same"
    yield "conv2d.padding", x, w, r(4), [1, 1], "valid"
    yield "conv2d.padding", x, r(4, 3, 2, 3), None, [1, 1], "same", [2, 2]
    yield "conv1d.default", r(2, 3, 8), r(4, 3, 3), r(4), [2], [1]
    yield "conv3d.default", r(1, 1, 3, 3, 3), r(2, 1, 2, 2, 2), r(2)
    yield "convolution.default", x, w, r(4), [2, 2], [1, 1], [1, 1], False, [0, 0], 1
    yield "convolution.default", x, r(3, 2, 3, 3), r(2), [2, 2], [1, 1], [1, 1], True, [1, 0], 1
    yield "conv_transpose2d.input", x, r(3, 1, 3, 3), r(1), [2, 2], [1, 1], [1, 1]
    yield "conv_transpose2d.input", r(1, 4, 2, 2), r(4, 2, 2, 2), None, [2, 2], [0, 0], [0, 0], 2, [1, 1]

    p = r(1, 1, 7, 6)
    yield "max_pool2d.default", p, [3, 3]
    yield "max_pool2d.default", p, [3, 3], [2, 2], [1, 1]
    yield "max_pool2d.default", p, [2, 2], [2, 2], [0, 0], [1, 1], True
    yield "max_pool2d.default", p, [3, 3], [2, 2], [1, 1], [1, 1], True
    yield "max_pool2d.default", p, [2, 2], [1, 1], [0, 0], [2, 2]
    yield "max_pool1d.default", r(1, 2, 7), [2]
    yield "avg_pool2d.default", p, [3, 3]
    yield "avg_pool2d.default", p, [3, 3], [2, 2], [1, 1]
    yield "avg_pool2d.default", p, [3, 3], [2, 2], [1, 1], False, False
    yield "avg_pool2d.default", p, [2, 2], [2, 2], [0, 0], True
    yield "avg_pool2d.default", p, [3, 3], [2, 2], [1, 1], True, True
    yield "avg_pool2d.default", p, [3, 3], [2, 2], [1, 1], True, False
    yield "avg_pool2d.default", p, [2, 2], [2, 2], [0, 0], False, True, 3
    yield "avg_pool2d.default", p, [3, 2], [2, 2], [1, 0], True, True, 5
    yield "avg_pool2d.default", r(2, 5, 4), [2, 2]
    yield "avg_pool1d.default", r(1, 2, 7), [3], [2], [1]
    yield "adaptive_avg_pool2d.default", p, [1, 1]
    yield "adaptive_avg_pool2d.default", p, [7, 3]
    yield "adaptive_avg_pool2d.default", p, [3, 4]
    yield "adaptive_avg_pool2d.default", p, [7, 6]
    yield "adaptive_avg_pool2d.default", p, [9, 8]
    yield "adaptive_avg_pool1d.default", r(1, 2, 7), [3]
    yield "_adaptive_avg_pool2d.default", p, [2, 2]
    yield "avg_pool3d.default", r(1, 1, 4, 4, 4), [3, 3, 3], [2, 2, 2], [1, 1, 1]

    v = u(3)
    yield "batch_norm.default", x, r(3), r(3), r(3), v, False, 0.1, 1e-5, True
    yield "batch_norm.default", x, None, None, r(3), v, False, 0.1, 1e-3, True
    yield "batch_norm.default", r(4, 3), r(3), r(3), r(3), v, False, 0.1, 1e-5, True
    yield "instance_norm.default", x, r(3), r(3), None, None, True, 0.1, 1e-5, True
    yield "instance_norm.default", x, None, None, None, None, True, 0.1, 1e-5, True
    yield "instance_norm.default", x, None, None, r(3), v, False, 0.1, 1e-5, True
    yield "group_norm.default", r(2, 6, 3, 3), 3, r(6), r(6), 1e-5
    yield "group_norm.default", r(2, 6, 3, 3), 2
    yield "native_group_norm.default", r(2, 6, 3, 3), r(6), r(6), 2, 6, 9, 2, 1e-5
    yield "layer_norm.default", r(2, 5, 6), [6], r(6), r(6), 1e-6
    yield "layer_norm.default", r(2, 5, 6), [5, 6], None, None
    yield "native_layer_norm.default", r(2, 5, 6), [6], r(6), r(6), 1e-5
    yield "dropout.default", x, 0.5, False

    yield "linear.default", r(3, 4), r(5, 4), r(5)
    yield "linear.default", r(3, 4), r(5, 4)
    yield "linear.default", r(2, 3, 4), r(5, 4), r(5)
    yield "linear.default", r(4), r(5, 4), r(5)
    yield "addmm.default", r(5), r(3, 4), r(4, 5)
    yield "addmm.default", r(3, 5), r(3, 4), r(4, 5), {"beta": 0.5, "alpha": 2}
    yield "mm.default", r(3, 4), r(4, 5)
    yield "bmm.default", r(2, 3, 4), r(2, 4, 5)
    yield "baddbmm.default", r(2, 3, 5), r(2, 3, 4), r(2, 4, 5), {"beta": 0.5, "alpha": 2}
    yield "matmul.default", r(2, 1, 3, 4), r(5, 4, 2)
    yield "matmul.default", r(3, 4), r(4)
    yield "mv.default", r(3, 4), r(4)
    yield "dot.default", r(4), r(4)
    yield "einsum.default", "bhi, bij -> bhj", [r(2, 3, 4), r(2, 4, 5)]

    a, b = r(2, 3), r(2, 3)
    i = whole(-7, -2, 0, 3, 8)
    for name in "add sub mul div".split():
        yield name + ".Tensor", a, b
        yield name + ".Tensor", r(2, 3), r(3)
        yield name + ".Tensor", i, r(5)
        yield name + ".Scalar", a, 3
        yield name + ".Scalar", i, 2.5
    yield "add.Tensor", a, b, {"alpha": 2}
    yield "sub.Tensor", a, b, {"alpha": 0.5}
    yield "add.Tensor", i, i, {"alpha": 3}
    yield "rsub.Scalar", a, 1, 2
    yield "rsub.Tensor", a, b
    yield "div.Tensor", i, whole(2, 3, 4, 5, 6)
    yield "div.Tensor_mode", i, whole(2, 3, 4, 5, 6), {"rounding_mode": "floor"}
    yield "div.Tensor_mode", i, whole(2, 3, 4, 5, 6), {"rounding_mode": "trunc"}
    yield "div.Tensor_mode", a, b, {"rounding_mode": "floor"}
    yield "floor_divide.default", i, whole(2, 3, 4, 5, 6)
    yield "remainder.Scalar", flat, 3
    yield "remainder.Tensor", i, whole(2, -3, 4, 5, -6)
    yield "fmod.Scalar", flat, 3
    yield "pow.Tensor_Scalar", a, 2
    yield "pow.Tensor_Scalar", u(4), 0.5
    yield "pow.Tensor_Scalar", i, 3
    yield "pow.Tensor_Tensor", u(4), r(4)
    yield "pow.Scalar", 2, r(4)
    yield "maximum.default", a, b
    yield "minimum.default", a, b
    for name in "eq ne lt le gt ge".split():
        yield name + ".Tensor", i, whole(-7, 3, 0, 2, 9)
        yield name + ".Scalar", i, 0.5
        yield name + ".Scalar", flat, 1
    yield "lt.Tensor", i, r(5)
    yield "logical_and.default", flags(6), flags(6)
    yield "logical_or.default", flags(6), whole(0, 1, 2, 0, 0, 3)
    yield "logical_xor.default", flags(6), flags(6)
    yield "bitwise_and.Tensor", flags(6), flags(6)
    yield "bitwise_or.Tensor", i, whole(1, 2, 3, 4, 5)
    yield "bitwise_not.default", flags(6)
    yield "where.self", flags(2, 3), a, b
    yield "where.self", flags(3), a, torch.tensor(0.5)
    yield "masked_fill.Scalar", a, flags(2, 3), -2.0
    yield "masked_fill.Tensor", a, flags(2, 3), torch.tensor(1.5)
    yield "clamp.default", flat, -1, 2
    yield "clamp.default", flat, None, 2
    yield "clamp.default", flat, -1.5
    yield "clamp.Tensor", a, b, b + 0.5
    yield "clamp_min.default", flat, 0.5
    yield "clamp_max.default", flat, 0.5
    yield "addcmul.default", a, b, r(2, 3), {"value": 0.5}
    yield "addcdiv.default", a, b, u(2, 3), {"value": 2}
    yield "lerp.Scalar", a, b, 0.3
    yield "lerp.Tensor", a, b, u(2, 3)

    yield "mean.default", x
    yield "mean.dim", x, [2, 3]
    yield "mean.dim", x, [-1], True
    yield "mean.dim", whole(1, 2, 4), [0], {"dtype": torch.float32}
    yield "sum.default", i
    yield "sum.dim_IntList", x, [1]
    yield "sum.dim_IntList", flags(2, 3), [1], True
    yield "amax.default", x, [2, 3]
    yield "amin.default", x, [1], True
    yield "prod.default", a
    yield "prod.dim_int", a, 1
    yield "logsumexp.default", x, [1]
    yield "any.dim", flags(2, 3), 1
    yield "all.default", flags(2, 3)
    yield "max.default", x
    yield "max.dim", x, 1
    yield "min.dim", x, -1, True
    yield "max.other", a, b
    yield "argmax.default", x
    yield "argmax.default", x, 1
    yield "argmin.default", x, 1, True
    yield "var.dim", x, [2, 3]
    yield "var.dim", x, [1], False, True
    yield "var.correction", x, [1], {"correction": 0, "keepdim": True}
    yield "var.correction", x, [2, 3], {"correction": 1}
    yield "std.dim", x, [1]
    yield "var_mean.correction", x, [1], {"correction": 0, "keepdim": True}
    yield "norm.ScalarOpt_dim", x, 2, [1]
    yield "linalg_vector_norm.default", x, 2, [1], True
    yield "linalg_vector_norm.default", x, 1, [1, 2]
    yield "linalg_vector_norm.default", x, float("inf"), [1]
    yield "cumsum.default", a, 1
    yield "topk.default", flat, 3

    yield "view.default", x, [3, -1]
    yield "reshape.default", x, [9, 4]
    yield "flatten.using_ints", x, 1
    yield "permute.default", x, [0, 2, 3, 1]
    yield "transpose.int", x, 1, -1
    yield "t.default", a
    yield "numpy_T.default", a
    yield "movedim.intlist", x, [1], [-1]
    yield "movedim.intlist", x, [0, 3], [2, 0]
    yield "expand.default", r(1, 3, 1), [2, 3, 4]
    yield "expand.default", r(3, 1), [2, -1, 4]
    yield "repeat.default", a, [2, 1, 2]
    yield "unsqueeze.default", a, 1
    yield "unsqueeze.default", a, -1
    yield "squeeze.default", r(1, 3, 1)
    yield "squeeze.dim", r(1, 3, 1), 0
    yield "squeeze.dim", r(1, 3, 1), 1

    yield "slice.Tensor", x, 2, 1, 4
    yield "slice.Tensor", x, 3, 0, 9223372036854775807, 2
    yield "slice.Tensor", x, 1, -2, 9223372036854775807
    yield "slice.Tensor", x, 1, 0, -1
    yield "select.int", x, 1, 2
    yield "select.int", x, 1, -1
    yield "narrow.default", x, 2, 1, 3
    yield "split.Tensor", x, 2, 2
    yield "split_with_sizes.default", x, [1, 2], 1
    yield "chunk.default", x, 2, 2
    yield "unbind.int", a, 1
    yield "cat.default", [a, b], 1
    yield "cat.default", [a, i.float().reshape(1, 5)[:, :3]], 0
    yield "cat.default", [whole(1, 2), r(2)]
    yield "stack.default", [a, b], 1
    yield "stack.default", [a, b]
    yield "roll.default", x, [1, -2], [2, 3]
    yield "flip.default", x, [2, 3]
    yield "pad.default", x, [1, 2, 0, 1], "constant", 0.5
    yield "pad.default", x, [1, 2, 0, 1], "reflect"
    yield "pad.default", x, [1, 2, 0, 1], "replicate"
    yield "pad.default", x, [1, 2, 0, 1], "circular"
    yield "constant_pad_nd.default", x, [1, -1, 2, 0], 1.5
    yield "constant_pad_nd.default", x, [0, 0, 0, 0, 1, 1]
    yield "reflection_pad2d.default", x, [1, 1, 2, 0]
    yield "replication_pad2d.default", x, [1, 1, 2, 0]

    yield "index_select.default", x, 1, whole(2, 0)
    yield "embedding.default", r(5, 3), whole(4, 0, 2)
    yield "gather.default", a, 1, torch.tensor([[0, 2], [1, 1]])
    yield "index.Tensor", a, [None, whole(2, 0)]
    yield "index.Tensor", x, [None, None, torch.tensor([[0], [3]]), whole(2, 1)]
    yield "index.Tensor", r(4, 5), [whole(0, 3), whole(1, 4)]

    for target in "upsample_nearest2d.default", "_upsample_nearest_exact2d.default":
        yield target, p, [9, 7]
        yield target, p, [3, 2]
        yield target, p, [10, 9], 1.5, 1.5
    yield "upsample_nearest2d.vec", p, None, [2.0, 1.0]
    yield "upsample_nearest1d.default", r(1, 2, 5), [8]
    for corners in False, True:
        yield "upsample_bilinear2d.default", p, [8, 3], corners
        yield "upsample_bilinear2d.default", p, [4, 3], corners
        yield "upsample_bilinear2d.default", p, [1, 1], corners
        yield "upsample_bilinear2d.vec", p, None, corners, [2.0, 2.0]
        yield "upsample_bicubic2d.default", p, [5, 4], corners
        yield "grid_sampler.default", p, r(1, 3, 4, 2), 0, 0, corners
    yield "upsample_bilinear2d.vec", p, None, False, [1.5, 1.3]
    yield "upsample_linear1d.default", r(1, 2, 5), [8], False
    yield "grid_sampler.default", p, r(1, 3, 4, 2), 1, 1, False
    yield "grid_sampler.default", p, r(1, 3, 4, 2), 0, 2, False
    yield "pixel_shuffle.default", r(1, 8, 2, 3), 2
    yield "pixel_unshuffle.default", r(1, 2, 4, 6), 2
    yield "channel_shuffle.default", r(1, 6, 2, 2), 3

    yield "clone.default", a
    yield "_to_copy.default", flat, {"dtype": torch.int32}
    yield "to.dtype", i, torch.float32
    yield "full.default", [2, 3], 1.5
    yield "full_like.default", a, 2
    yield "zeros_like.default", i
    yield "ones.default", [2]
    yield "new_zeros.default", a, [3]
    yield "arange.default", 5
    yield "arange.start", 2, 5
    yield "arange.start_step", 1.0, 2.0, 0.25
    yield "scalar_tensor.default", 2.5, {"dtype": torch.float32}
    yield "tril.default", r(4, 4), -1
    yield "triu.default", r(3, 4)
    yield "copy.default", a, r(3)
    yield "relu_.default", flat
    yield "add_.Tensor", a, b


def composed():
    """Operators that PyTorch 1.13 lacks, or gives under other names, by what their documents say they compute."""
    q, k, v = r(1, 2, 3, 4), r(1, 2, 5, 4), r(1, 2, 5, 2)

    def attention(mask=None, scale=0.5, keys=k, values=v):
        scores = q @ keys.transpose(-2, -1) * scale
        if mask is not None and mask.dtype == torch.bool:
            scores = scores.masked_fill(~mask, float("-inf"))
        elif mask is not None:
            scores = scores + mask
        return torch.softmax(scores, -1) @ values

    sdpa = "scaled_dot_product_attention.default"
    given = {"query": q, "key": k, "value": v}
    yield sdpa, given, attention()
    yield sdpa, {**given, "scale": 0.3}, attention(scale=0.3)
    added = r(3, 5)
    yield sdpa, {**given, "attn_mask": added}, attention(added)
    seen = torch.tensor([[1, 0, 1, 0, 1], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]]).bool()
    yield sdpa, {**given, "attn_mask": seen}, attention(seen)
    below = torch.ones(3, 5).tril().bool()
    yield sdpa, {**given, "is_causal": True}, attention(below)
    x = r(2, 3, 4)
    w = u(4)
    rms = x / (x.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * w
    yield "rms_norm.default", {"input": x, "normalized_shape": [4], "weight": w, "eps": 1e-5}, rms
    p = r(1, 2, 4, 4)
    norm = {"weight": r(2), "bias": r(2), "running_mean": r(2), "running_var": u(2)}
    wanted = torch.nn.functional.batch_norm(
        p, norm["running_mean"], norm["running_var"], norm["weight"], norm["bias"], eps=1e-3
    )
    more = {**norm, "momentum": 0.1, "eps": 1e-3}
    yield "_native_batch_norm_legit_no_training.default", {"input": p, **more}, wanted
    functional = torch.nn.functional
    pool = {"self": p, "kernel_size": [2, 2], "stride": [2, 2]}
    yield "max_pool2d_with_indices.default", pool, functional.max_pool2d(p, 2)
    parts = {"self": p, "output_size": [2, 2]}
    yield "adaptive_max_pool2d.default", parts, functional.adaptive_max_pool2d(p, 2)
    yield "softsign.default", {"self": w}, w / (1 + w)
    yield "bitwise_xor.Tensor", {"self": whole(1, 6), "other": whole(3, 2)}, whole(2, 4)
    yield "unflatten.int", {"self": r(2, 6).fill_(2), "dim": 1, "sizes": [2, 3]}, torch.full((2, 2, 3), 2.0)
    yield "swapaxes.default", {"self": x, "axis0": 0, "axis1": 2}, x.swapaxes(0, 2)
    yield "mT.default", {"self": x}, x.transpose(1, 2)
    yield "expand_as.default", {"self": w, "other": x}, w.expand(2, 3, 4)
    yield "tile.default", {"self": w, "dims": [2, 2]}, w.repeat(2, 2)
    yield "reflection_pad1d.default", {"self": x, "padding": [1, 2]}, functional.pad(x, (1, 2), "reflect")
    yield "rrelu.default", {"self": x}, functional.leaky_relu(x, (1 / 8 + 1 / 3) / 2)


def later():
    """Cases behind the others, so that the numbers of those stay as they are."""
    x = r(2, 4, 5)
    p = r(1, 3, 5, 4)
    yield "slice_scatter.default", x, r(2, 2, 5), 1, 1, 3
    yield "slice_scatter.default", x, r(2, 4, 2), 2, 0, 4, 2
    yield "slice_scatter.default", x, x * 2, 1
    yield "select_scatter.default", x, r(2, 5), 1, -1
    yield "index_put.default", x, [x > 0], torch.tensor(0.5)
    yield "index_put.default", x, [flags(2, 4)], torch.tensor(2.0)
    yield "im2col.default", p, [3, 2], [1, 1], [1, 0], [2, 1]
    yield "im2col.default", p, [2, 2], [2, 1], [0, 0], [1, 1]
    yield "col2im.default", r(1, 12, 6), [4, 5], [2, 2], [1, 1], [1, 0], [2, 2]
    yield "col2im.default", r(2, 8, 12), [4, 5], [2, 2], [1, 1], [0, 0], [1, 1]
    yield "unfold.default", p, 2, 3, 2
    yield "unfold.default", x, 1, 2, 1
    yield "_weight_norm.default", r(3, 2, 2, 2), u(3, 1, 1, 1), 0
    yield "_weight_norm.default", r(3, 4), u(1, 4), 1
    yield "adaptive_max_pool2d.default", p, [3, 3]
    yield "adaptive_max_pool2d.default", p, [2, 6]
    yield "linspace.default", -1, 1, 5
    yield "eye.default", 3
    yield "eye.m", 2, 3
    yield "exp2.default", x
    yield "special_expit.default", x
    yield "erfc.default", x
    yield "__and__.Tensor", flags(6), flags(6)
    yield "__or__.Tensor", flags(6), flags(6)
    yield "__xor__.Scalar", whole(1, 2, 7), 3
    yield "repeat_interleave.self_int", x, 3, 1
    yield "fill.Tensor", x, torch.tensor(1.5)
    yield "batch_norm.default", p, u(3), r(3), None, None, True, 0.1, 1e-3, False
    yield "batch_norm.default", x, None, None, None, None, True, 0.0, 1e-5, False
    yield "softplus.default", r(8).mul(3), 2.0, 3.0
    yield "elu.default", r(8), 1.67, 1.05, 1
    yield "linalg_vector_norm.default", x, 3, [1], True
    yield "norm.ScalarOpt_dim", x, 0.5, [2]
    yield "as_strided.default", r(2, 3, 1, 1), [2, 3, 1, 1], [3, 1, 1, 1]


def stated(target, named, output):
    tensors = []
    inputs = [{"name": n, "arg": argument("", value, tensors)} for n, value in named.items()]
    return {
        "target": f"torch.ops.aten.{target}",
        "inputs": inputs,
        "tensors": [data(t) for t in tensors],
        "kind": "one",
        "outputs": [data(output)],
    }


print("[")
made = []
for target, *args in cases():
    more = args.pop() if args and isinstance(args[-1], dict) else {}
    try:
        made.append(json.dumps(case(target, *args, **more), separators=(",", ":")))
    except Exception as error:  # An operator that this version of PyTorch lacks.
        import sys

        print(f"{target}: {error}", file=sys.stderr)
made += [json.dumps(stated(*each), separators=(",", ":")) for each in composed()]
made += [json.dumps(case(*each), separators=(",", ":")) for each in later()]
print(",\n".join(made))
print("]")
