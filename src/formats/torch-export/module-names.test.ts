/** @file Paths of modules in each way that torch.export has written them. */
import { expect, test } from "vitest";
import { modulePath, valueNames } from "./module-names.ts";

test.each([
  ["L__self__,,net.Net", ""],
  ["L__self__,,net.Net;L__self___conv1,conv1,torch.nn.modules.conv.Conv2d", "conv1"],
  [
    "L__self__,L['self'],net.Net;k,L['self'].layer1[0].conv1,torch.nn.modules.conv.Conv2d",
    "layer1.0.conv1",
  ],
  ["k,getattr(L['self'].layer1, '0').conv1,torch.nn.modules.conv.Conv2d", "layer1.0.conv1"],
  ["k,getattr(getattr(L['self'].features, '3').block, '1'),torch.nn.Module", "features.3.block.1"],
  ["L__self___relu@1,layer1.0.relu,torch.nn.modules.activation.ReLU", "layer1.0.relu"],
  ["k,L__self__.head,torch.nn.Module", "head"],
  ["k,layers.slice(1, None, None).0,torch.nn.Module", "layers.slice(1, None, None).0"],
  [undefined, ""],
])("%s", (stack, path) => {
  const metadata = stack === undefined ? {} : { nn_module_stack: stack };
  expect(modulePath({ target: "", inputs: [], outputs: [], metadata })).toBe(path);
});

test("a module's last value bears its name, the others their operators too", () => {
  const values = [
    { made: "a", module: "block", operator: "add", name: "add" },
    { made: "b", module: "block.conv", operator: "conv2d", name: "conv2d" },
    { made: "c", module: "block", operator: "relu", name: "relu" },
    { made: "d", module: "", operator: "view", name: "view_3" },
  ];
  expect(Object.fromEntries(valueNames(values))).toEqual({
    a: "block/add",
    b: "block.conv",
    c: "block",
    d: "view_3",
  });
});
