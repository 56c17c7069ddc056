"""Rows in PyTorch, in the setting that the contestant's name tells."""

import os

import torch
import torchvision
from safetensors.torch import load_file
from torch_models import NETWORKS


def open_workload(job):
    torch.set_num_threads(job["threads"])
    row, setting = job["row"], job["contestant"]
    channels_last = setting != "torch"
    network = NETWORKS[row["network"]]()
    network.load(load_file(os.path.join(job["folder"], "model.safetensors")))
    parameters = sum(p.numel() for p in network.parameters())
    if channels_last:
        network = network.to(memory_format=torch.channels_last)
    inputs, targets = tensors(job, channels_last)
    training = row["mode"] == "train"
    network.train(training)
    open_mode = open_training if training else open_inference
    step = open_mode(job, network, inputs, targets)
    versions = {
        "python": os.sys.version.split()[0],
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
    }
    return step, versions, parameters


def open_training(job, network, inputs, targets):
    parameters = list(network.parameters())
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.ndim > 1], "weight_decay": job["weightDecay"]},
            {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=job["learningRate"],
        fused=True,
    )

    def loss_of(*given):
        return network.loss(network(*given), *targets)

    if job["contestant"] == "torch-compile":
        loss_of = compiled(job, network, loss_of)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(*inputs)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def open_inference(job, network, inputs, _):
    answer = network
    if job["contestant"] == "torch-compile":
        from torch._inductor import config

        config.freezing = True  # constants folded, weights packed
        answer = compiled(job, network, network)
    elif job["row"]["network"] != "convlstm":
        from torch.fx.experimental.optimization import fuse

        answer = fuse(network)  # batch norm into the convolutions

    def step():
        with torch.inference_mode():
            return answer(*inputs).flatten()[0].item()

    return step


def compiled(job, network, function):
    if job["row"]["network"] != "convlstm":
        return torch.compile(function)
    network.compile_cells()
    return function


def tensors(job, channels_last):
    """The batch as the network takes it, and what its answer is held against."""
    batch = load_file(os.path.join(job["folder"], "batch.safetensors"))
    layout = torch.channels_last if channels_last else torch.contiguous_format

    def images(name):  # [B,H,W,C] to [B,C,H,W]
        return batch[name].permute(0, 3, 1, 2).contiguous(memory_format=layout)

    def sequence(name):  # [B,T,H,W,C] to [T,B,C,H,W]; one channel has one layout
        return batch[name].permute(1, 0, 4, 2, 3).contiguous()

    match job["row"]["network"]:
        case "resnet50":
            return [images("images")], [batch["labels"].long()]
        case "siamese":
            return [images("a"), images("b")], [images("target")]
        case _:
            inputs = [sequence("past"), sequence("future"), batch["reference"]]
            return inputs, [batch["target"], batch["weights"]]
